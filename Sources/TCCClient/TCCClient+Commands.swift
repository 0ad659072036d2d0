import Basics
import HTTPTypes
public import HeatingModel

extension TCCClient {
    /// Tells the cloud to change something. The answer means that the cloud took it, not that the gateway did.
    ///
    /// - Returns: The communication task that carries it to the gateway; `nil` when the cloud named none.
    public func make(_ call: CloudCall) async throws(CloudFailure) -> CommunicationTaskID? {
        switch call {
        case .zone(let id, let override):
            try await put("/temperatureZone/\(id.escaped)/heatSetpoint", WireHeatSetpoint(override))
        case .hotWater(let id, let override):
            try await put("/domesticHotWater/\(id.escaped)/state", WireHotWaterState(override))
        case .system(let id, let mode, let until):
            try await put("/temperatureControlSystem/\(id.escaped)/mode", WireSystemMode(mode, until: until))
        case .zoneSchedule(let id, let week):
            try await put("/temperatureZone/\(id.escaped)/schedule", WireSchedule<WireZoneSwitchpoint>(week))
        case .hotWaterSchedule(let id, let week):
            try await put("/domesticHotWater/\(id.escaped)/schedule", WireSchedule<WireHotWaterSwitchpoint>(week))
        }
    }

    /// How far a communication task is.
    ///
    /// - Returns: `nil` when the cloud does not know the task.
    public func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState? {
        do {
            let path = "/commTasks?commTaskId=\(task.escaped)"
            let answer = try await call(.get, path, as: OneOrList<WireCommunicationTask>.self)
            return answer.first.map { CommunicationTaskState(vendorText: $0.state) }
        } catch {
            guard error.kind == .refused else { throw error }
            return nil
        }
    }

    private func put(
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
        heatSetpointValue = override.value
        timeUntil = override.until?.description
    }
}

extension WireHotWaterState {
    fileprivate init(_ override: HotWaterOverride) {
        mode = override.mode.vendorText
        state = override.value?.vendorText
        untilTime = override.until?.description
    }
}

extension WireSystemMode {
    fileprivate init(_ mode: SystemMode, until: Instant?) {
        systemMode = mode.vendorText
        permanent = until == nil
        timeUntil = until?.description
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
