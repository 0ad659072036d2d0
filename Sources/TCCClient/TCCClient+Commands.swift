import HTTPTypes
public import HeatingModel

extension TCCClient {
    /// Tells a zone what to do. The answer means that the cloud took it, not that the gateway did.
    ///
    /// - Returns: The communication task that carries it to the gateway; `nil` when the cloud named none.
    public func override(
        _ zone: ZoneID,
        as override: ZoneOverride
    ) async throws(CloudFailure) -> CommunicationTaskID? {
        try await change("/temperatureZone/\(FormEncoding.escape(zone.text))/heatSetpoint", WireHeatSetpoint(override))
    }

    /// How far a communication task is.
    ///
    /// - Returns: `nil` when the cloud does not know the task.
    public func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState? {
        do {
            let path = "/commTasks?commTaskId=\(FormEncoding.escape(task.text))"
            let answer = try await call(.get, path, as: OneOrList<WireCommunicationTask>.self)
            return answer.first.map { CommunicationTaskState(vendorText: $0.state) }
        } catch {
            guard error.kind == .refused else { throw error }
            return nil
        }
    }

    private func change(
        _ path: String,
        _ body: some Encodable & Sendable
    ) async throws(CloudFailure) -> CommunicationTaskID? {
        try await call(.put, path, body: body, as: OneOrList<WireTaskReference>.self).first
            .map { CommunicationTaskID($0.id.text) }
    }
}

extension WireHeatSetpoint {
    fileprivate init(_ override: ZoneOverride) {
        setpointMode = override.mode.vendorText
        if case .hold(let setpoint, let until) = override {
            heatSetpointValue = setpoint
            timeUntil = until?.description
        }
    }
}

/// An answer that some versions of the cloud wrap into a list, and that may be empty.
private struct OneOrList<Element: Decodable & Sendable>: Decodable, Sendable {
    var first: Element?

    init(from decoder: any Decoder) throws {
        if let list = try? WireList<Element>(from: decoder) {
            first = list.elements.first
        } else {
            first = try? Element(from: decoder)
        }
    }
}
