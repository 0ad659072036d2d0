public import Basics
public import BridgeCore
public import HeatingModel

/// Carries out one command: checks it, decides what to send, sends it, and has it followed to its end. The loop calls each
/// step when the ``CommandQueue`` says that it is time.
public struct CommandExecutor: Sendable {
    private let cloud: any Cloud
    private let reader: CloudReader
    private let store: SnapshotStore
    /// How long a command may take altogether.
    private let expiry: Duration
    private let clock: any WallClock

    public init(cloud: any Cloud, reader: CloudReader, store: SnapshotStore, expiry: Duration, clock: any WallClock) {
        self.cloud = cloud
        self.reader = reader
        self.store = store
        self.expiry = expiry
        self.clock = clock
    }

    /// Carries out a command that is alone, without waiting for a cloud that is away.
    ///
    /// - Parameters:
    ///   - command: In no queue.
    ///   - accepted: Called when the cloud has accepted the call, before the gateway is waited for.
    /// - Throws: ``CloudFailure`` if the cloud was not reached.
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
    /// - Returns: What it is for.
    @discardableResult
    public func check(_ command: Command) throws(Refusal) -> Site {
        let site = try site(of: command)
        try command.action.check(command.target, in: site)
        return site
    }

    /// Calls the cloud, unless there is nothing to do.
    func send(_ command: Command) async -> CommandQueue.Answer {
        do {
            switch try await decision(for: command) {
            case .nothingToDo(let call):
                return .concluded(.succeeded(call))
            case .needsSchedule:
                // It was just read, unless reading it threw.
                return .failed(CloudFailure(.refused, "The schedule is not known."))
            case .send(let call):
                let isProvedByStatus = isProvedByStatus(call, for: command.target)
                let task = try await make(call.call, of: command.target)
                store.update { snapshot, _ in snapshot.expect(call.call, of: command.target) }
                return .accepted(CommandQueue.Acceptance(call: call, task: task, isProvedByStatus: isProvedByStatus))
            }
        } catch let refusal as Refusal {
            return .concluded(.rejected(refusal))
        } catch {
            let failure = error as? CloudFailure ?? CloudFailure(.unreachable, "The cloud could not be reached.")
            if failure.isRetriable { reader.callFailed(failure) }
            return .failed(failure)
        }
    }

    /// Waits for the end of a command that the cloud has accepted. That a call was accepted proves nothing: the cloud also
    /// hands out the id of an earlier task, without doing anything.
    func follow(_ acceptance: CommandQueue.Acceptance, of command: Command) async -> Outcome {
        guard let site = store.site(of: command.target.systemID) else {
            return Outcome(.failed, code: "not_applied", message: "The control system is not there any more.")
        }
        let outcome = await reader.follow(
            CommandFollower.Followed(
                id: command.id,
                target: command.target,
                location: site.location.id,
                gateway: site.system.gatewayID,
                call: acceptance.call,
                task: acceptance.task,
                accepted: clock.uptime,
                deadline: command.deadline(expiry: expiry),
                isProvedByStatus: acceptance.isProvedByStatus
            )
        )
        store.update { snapshot, _ in snapshot.ended(acceptance.call.call, of: command.target, as: outcome) }
        return outcome
    }

    private func make(_ call: CloudCall, of target: Target) async throws(CloudFailure) -> CommunicationTaskID? {
        let (now, uptime) = (clock.now, clock.uptime)
        store.take { $0.willMake(call, of: target, at: now, uptime: uptime) }
        do throws(CloudFailure) {
            return try await cloud.make(call)
        } catch {
            // One that was not answered may have been carried out.
            if !error.isRetriable { store.take { $0.refused(call, of: target) } }
            throw error
        }
    }

    private func site(of command: Command) throws(Refusal) -> Site {
        guard let site = store.site(of: command.target.systemID) else {
            throw Refusal(.unknownTarget, "The control system is not there any more.")
        }
        return site
    }

    private func decision(for command: Command) async throws -> Decision {
        let decision = try decide(command)
        guard decision == .needsSchedule else { return decision }
        try await reader.read([.schedule(command.target)])
        return try decide(command)
    }

    private func decide(_ command: Command) throws(Refusal) -> Decision {
        let site = try site(of: command)
        // By elapsed time, so that a clock that was set in between does not move the end.
        let received = clock.now - command.received.duration(to: clock.uptime)
        return try command.action.decision(for: command.target, in: site, received: received, now: clock.now)
    }

    private func isProvedByStatus(_ call: PlannedCall, for target: Target) -> Bool {
        guard let site = store.site(of: target.systemID) else { return false }
        switch call.call {
        case .zone, .hotWater, .system: return site.status.map { !call.isShown(by: $0) } ?? false
        case .zoneSchedule(let zone, let schedule): return site.schedules[zone].schedule.map { $0 != schedule } ?? false
        case .hotWaterSchedule(let hotWater, let schedule):
            return site.schedules[hotWater].schedule.map { $0 != schedule } ?? false
        }
    }
}
