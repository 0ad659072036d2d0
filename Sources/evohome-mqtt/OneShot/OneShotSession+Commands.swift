import Basics
import BridgeCore
import BridgeServices
import HeatingModel

extension OneShotSession {
    /// Does what a message with this payload would do, and waits for the outcome.
    ///
    /// - Parameter find: Finds the target; once more if the cloud does not know it by the id that it had.
    /// - Throws: ``Failure`` for every outcome but success.
    /// - Returns: What was done, in a sentence.
    func carryOut(
        _ request: JSONValue,
        on find: () async throws -> NamedTarget,
        _ progress: Progress
    ) async throws -> String {
        do {
            return try await carryOut(request, on: try await find(), progress)
        } catch let failure as CloudFailure where failure.isNotFound {
            try await reader.read([.installation])
            return try await carryOut(request, on: try await find(), progress)
        }
    }

    private func carryOut(_ request: JSONValue, on named: NamedTarget, _ progress: Progress) async throws -> String {
        guard let location = store.site(of: named.target.systemID)?.location,
            let command = try command(request, for: named.target)
        else { throw Refusal(.unknownTarget, "\(named.name.printable) has no topic, so it takes no commands.") }
        try executor.check(command)
        progress.show("Asking the cloud for \(named.name)…")
        try await readStatus(of: location)
        progress.show("Sending the command…")
        let outcome = try await executor.carryOut(command) {
            progress.show("Accepted; waiting for the gateway…")
        }
        progress.end()
        guard outcome.kind == .succeeded else { throw Failure(outcome, about: named.name) }
        let done = outcome.applied.map { " \($0.words(in: location.timeZone, at: clock.now))." } ?? ""
        return "\(named.name.printable):\(done)\(outcome.message.map { " \($0)" } ?? "")"
    }

    /// What writes schedules, once it is known what each target accepts.
    func scheduleRestore() async throws -> ScheduleRestore {
        if let failure = await readStatuses() { throw failure }
        return ScheduleRestore(reader: reader, store: store, clock: clock) { command throws(CloudFailure) in
            try await executor.carryOut(command)
        }
    }

    /// - Returns: `nil` if the target has no topic.
    private func command(_ request: JSONValue, for target: Target) throws(Refusal) -> Command? {
        guard let layout = store.layout, let topic = layout.topic(of: target) else { return nil }
        let message = IncomingMessage(topic: "\(topic)/set", payload: Array(request.text.utf8))
        guard let topic = CommandTopic(message.topic) else { return nil }
        do throws(CommandParser.Rejection) {
            return try CommandParser(layout: layout).parse(message, on: topic, id: 0, received: clock.uptime)
        } catch {
            throw error.refusal
        }
    }
}

extension Failure {
    /// - Parameter outcome: Anything but a success.
    init(_ outcome: Outcome, about name: String) {
        let code: Code =
            switch outcome.kind {
            case .rejected: .badData
            case .expired, .superseded: .tryLater
            case .failed, .succeeded: .unreachable
            }
        self.init(code, "\(name.printable): \(outcome.message ?? "\(outcome.kind)")")
    }
}

extension CloudCall {
    /// What was done, for people.
    fileprivate func words(in timeZone: LocationTimeZone, at now: Instant) -> String {
        switch self {
        case .zone(_, .hold(let setpoint, let until)): "\(setpoint) °C \(timeZone.end(until, at: now))"
        case .hotWater(_, .hold(let state, let until)): "\(state) \(timeZone.end(until, at: now))"
        case .zone(_, .followSchedule), .hotWater(_, .followSchedule): "follows its schedule"
        case .system(_, let mode, let until):
            "\(mode)".replacing("_", with: " ") + (until.map { " until \(timeZone.shown($0, at: now))" } ?? "")
        case .zoneSchedule, .hotWaterSchedule: "a new schedule"
        }
    }
}

extension LocationTimeZone {
    fileprivate func end(_ until: Instant?, at now: Instant) -> String {
        until.map { "until \(shown($0, at: now))" } ?? "for good"
    }
}
