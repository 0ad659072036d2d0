public import Basics
public import BridgeCore
public import HeatingModel

/// Does what a command asks: plans it, sends it, follows it to its end. Each step is called by the loop, when the
/// ``CommandQueue`` says that it is time.
public struct CommandExecutor: Sendable {
    private let cloud: any Cloud
    private let store: SnapshotStore
    /// How long a command may take altogether.
    private let expiry: Duration
    private let clock: any WallClock

    public init(cloud: any Cloud, store: SnapshotStore, expiry: Duration, clock: any WallClock) {
        self.cloud = cloud
        self.store = store
        self.expiry = expiry
        self.clock = clock
    }

    /// Carries out a command that is alone, and waits for no cloud that is away.
    ///
    /// - Parameters:
    ///   - command: Not in any queue.
    ///   - accepted: Called when the cloud has taken it, and the gateway is waited for.
    /// - Throws: ``CloudFailure`` where the cloud was not told.
    public func carryOut(
        _ command: Command,
        accepted: () -> Void = {}
    ) async throws(CloudFailure) -> Outcome {
        switch await send(command) {
        case .concluded(let outcome): return outcome
        case .failed(let failure): throw failure
        case .accepted(let acceptance):
            accepted()
            return await follow(acceptance, of: command)
        }
    }

    /// Refuses what can be refused before its turn.
    ///
    /// - Returns: The gateway that it goes through.
    @discardableResult
    public func check(_ command: Command) throws(Refusal) -> GatewayID {
        let site = try site(of: command)
        try command.action.check(command.target, in: site)
        return site.system.gatewayID
    }

    /// Tells the cloud, if there is something to tell.
    func send(_ command: Command) async -> CommandQueue.Answer {
        do {
            switch try await plan(command) {
            case .alreadySo(let plan):
                return .concluded(.succeeded(plan))
            case .needsSchedule:
                // It was read, or reading it threw.
                return .failed(CloudFailure(.refused, "The schedule is not known."))
            case .send(let plan):
                let task = try await cloud.make(plan.change)
                store.update { snapshot, _ in snapshot.expect(plan.change, of: command.target) }
                return .accepted(CommandQueue.Acceptance(plan: plan, task: task))
            }
        } catch let refusal as Refusal {
            return .concluded(.rejected(refusal))
        } catch {
            return .failed(error as? CloudFailure ?? CloudFailure(.unreachable, "\(error)"))
        }
    }

    /// Follows the task to its end and reads back until the change shows: that a call was accepted proves nothing, since
    /// the cloud also hands out the id of an earlier task without doing anything.
    func follow(_ acceptance: CommandQueue.Acceptance, of command: Command) async -> Outcome {
        let deadline = command.deadline(expiry: expiry)
        let outcome = await outcome(of: acceptance, in: command.target.systemID, before: deadline)
        store.update { snapshot, _ in snapshot.dropExpectation(of: command.target) }
        return outcome
    }

    private func site(of command: Command) throws(Refusal) -> Site {
        guard let site = store.site(of: command.target.systemID) else {
            throw Refusal(.unknownTarget, "It is not there any more.")
        }
        return site
    }

    private func plan(_ command: Command) async throws -> Decision {
        let planning = try planNow(command)
        guard planning == .needsSchedule else { return planning }
        try await store.readSchedule(of: command.target, from: cloud)
        return try planNow(command)
    }

    private func planNow(_ command: Command) throws(Refusal) -> Decision {
        let site = try site(of: command)
        return try command.action.plan(for: command.target, in: site, received: command.received, now: clock.now)
    }

    // MARK: - Following

    private func outcome(
        of acceptance: CommandQueue.Acceptance,
        in system: ControlSystemID,
        before deadline: Instant
    ) async -> Outcome {
        if let task = acceptance.task {
            switch await end(of: task, before: deadline) {
            case .failed?:
                await read(system)
                return Outcome(.failed, code: "task_failed", message: "The gateway did not take it.")
            case .succeeded?: break
            default: return .expired("The gateway did not take it in time; it may be away.")
            }
        }
        let accepted = clock.now
        for delay in Self.readBackDelays {
            if delay > .zero { try? await clock.sleep(for: delay) }
            guard clock.now < deadline, !Task.isCancelled else { break }
            if await isShown(acceptance.plan, in: system) { return .succeeded(acceptance.plan) }
        }
        if accepted >= deadline { return .expired("Its time ran out.") }
        return Outcome(
            .failed,
            code: "not_applied",
            message: "The cloud took it, but what it says afterwards does not show it."
        )
    }

    /// The status shows a change one to three seconds after its task succeeded.
    private static let readBackDelays: [Duration] = [
        .zero, .seconds(0.5), .seconds(1), .seconds(1.5), .seconds(2), .seconds(3), .seconds(5),
    ]

    /// Reads back what was changed.
    private func isShown(_ plan: PlannedCall, in system: ControlSystemID) async -> Bool {
        switch plan.change {
        case .zone, .hotWater, .system:
            guard let status = await read(system)?.systems.first(where: { $0.id == system }) else { return false }
            return plan.isShown(by: status) || plan.isMasked
        case .zoneSchedule(let zone, let schedule):
            guard let read = try? await cloud.schedule(of: zone) else { return false }
            store.update { $0.apply(read, of: zone, in: system, at: $1) }
            return read == schedule
        case .hotWaterSchedule(let hotWater, let schedule):
            guard let read = try? await cloud.schedule(of: hotWater) else { return false }
            store.update { $0.apply(read, of: hotWater, in: system, at: $1) }
            return read == schedule
        }
    }

    /// - Returns: How the task ended; `nil` when it did not within its time.
    private func end(of task: CommunicationTaskID, before deadline: Instant) async -> CommunicationTaskState? {
        var delay = Duration.milliseconds(500)
        while clock.now < deadline, !Task.isCancelled {
            let state = try? await cloud.state(of: task)
            if state == .succeeded || state == .failed { return state }
            try? await clock.sleep(for: min(delay, max(.milliseconds(1), clock.now.duration(to: deadline))))
            // A gateway takes three to five seconds; one that is away is asked less and less often.
            delay = min(delay * 1.3, .seconds(15))
        }
        return nil
    }

    @discardableResult
    private func read(_ system: ControlSystemID) async -> LocationStatus? {
        let reading = store.update { snapshot, _ in snapshot.beginReading() }
        guard let location = store.site(of: system)?.location, let status = try? await cloud.status(of: location) else {
            return nil
        }
        store.update { $0.apply(status, of: reading, at: $1) }
        return status
    }
}
