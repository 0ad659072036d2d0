public import Basics
public import BridgeCore
public import HeatingModel

/// Carries out one command: checks it, decides what to send, sends it, and has it followed to its end. The loop calls each
/// step when the ``CommandQueue`` says that it is time.
public struct CommandExecutor: Sendable {
    private let cloud: any Cloud
    private let reader: CloudReader
    private let store: SnapshotStore
    private let journal: any CommandJournal
    /// How long a command may take altogether.
    private let expiry: Duration
    private let clock: any WallClock

    public init(
        cloud: any Cloud,
        reader: CloudReader,
        store: SnapshotStore,
        journal: any CommandJournal = NoJournal(),
        expiry: Duration,
        clock: any WallClock
    ) {
        self.cloud = cloud
        self.reader = reader
        self.store = store
        self.journal = journal
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
            return await follow(acceptance, of: command) ?? .expired("The program is stopping.")
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
            case .nothingToDo(var call):
                // It is already set because the command's own unanswered call was carried out.
                if command.isUnanswered { call.notes.removeAll { $0 == .alreadySo } }
                return .concluded(.succeeded(call))
            case .needsSchedule:
                // It was just read, unless reading it threw.
                return .failed(CloudFailure(.refused, "The schedule is not known."))
            case .send(let call):
                let isProvedByStatus = isProvedByStatus(call, for: command.target)
                let task = try await make(call, of: command, isProvedByStatus: isProvedByStatus)
                store.update { snapshot, _ in snapshot.expect(call.call, of: command.target) }
                return .accepted(CommandQueue.Acceptance(call: call, task: task, isProvedByStatus: isProvedByStatus))
            }
        } catch let refusal as Refusal {
            return .concluded(.rejected(refusal))
        } catch {
            let failure = error as? CloudFailure ?? CloudFailure(.unreachable, "The cloud could not be reached.")
            if let place = place(of: command.target) { reader.callFailed(failure, in: place.location) }
            return .failed(failure)
        }
    }

    /// Makes a call that is in the journal before the cloud can have it.
    private func make(
        _ call: PlannedCall,
        of command: Command,
        isProvedByStatus: Bool
    ) async throws(CloudFailure) -> CommunicationTaskID? {
        let target = command.target
        let cause = command.cause
        guard let entry = command.sender.journalEntry else { return try await make(call.call, of: target, by: cause) }
        let journaled = JournaledCall(call, for: target, isProvedByStatus: isProvedByStatus)
        await journal.write(JournalRecord(entry, .called(journaled)))
        do throws(CloudFailure) {
            let task = try await make(call.call, of: target, by: cause)
            await journal.write(JournalRecord(entry, .taken(target, task: task)))
            return task
        } catch {
            // One that may have been carried out stays: it would not be made again after a restart.
            if error.isRetriable, !error.isUnanswered { await journal.write(JournalRecord(entry, .failed(target))) }
            throw error
        }
    }

    /// Finds out what became of a call of an earlier run. It is never made again.
    ///
    /// - Parameters:
    ///   - call: As the journal has it.
    ///   - id: A number of its own in this run.
    ///   - deadline: When to give up.
    /// - Returns: `nil` if the program stops before that.
    func readBack(_ call: JournaledCall, id: Command.ID, deadline: Uptime) async -> Outcome? {
        guard let place = place(of: call.target) else {
            return call.interrupted(.expired("The control system is not there any more."), shown: nil)
        }
        let outcome = await reader.follow(
            CommandFollower.Followed(
                id: id,
                target: call.target,
                location: place.location,
                gateway: place.gateway,
                call: call.planned,
                task: call.task,
                accepted: clock.uptime,
                deadline: deadline,
                isProvedByStatus: call.isProvedByStatus
            )
        )
        let shown = store.site(of: call.target.systemID)?.status?.words(for: call.target)
        return outcome.map { call.interrupted($0, shown: shown) }
    }

    /// Waits for the end of a command that the cloud has accepted. That a call was accepted proves nothing: the cloud also
    /// hands out the id of an earlier task, without doing anything.
    ///
    /// - Returns: `nil` if the program stops before that.
    func follow(_ acceptance: CommandQueue.Acceptance, of command: Command) async -> Outcome? {
        let outcome = await end(of: acceptance, for: command)
        // By now the later command has said what to expect of the target.
        if let outcome, outcome.kind != .superseded {
            store.update { snapshot, _ in snapshot.ended(acceptance.call.call, of: command.target, as: outcome) }
        }
        return outcome
    }

    private func end(of acceptance: CommandQueue.Acceptance, for command: Command) async -> Outcome? {
        guard let place = place(of: command.target) else {
            return Outcome(.failed, code: "not_applied", message: "The control system is not there any more.")
        }
        return await reader.follow(
            CommandFollower.Followed(
                id: command.id,
                target: command.target,
                location: place.location,
                gateway: place.gateway,
                call: acceptance.call,
                task: acceptance.task,
                accepted: clock.uptime,
                deadline: command.deadline(expiry: expiry),
                isProvedByStatus: acceptance.isProvedByStatus
            )
        )
    }

    private func make(
        _ call: CloudCall,
        of target: Target,
        by cause: Change.Cause
    ) async throws(CloudFailure) -> CommunicationTaskID? {
        let (now, uptime) = (clock.now, clock.uptime)
        store.take { $0.willMake(call, of: target, by: cause, at: now, uptime: uptime) }
        do throws(CloudFailure) {
            return try await cloud.make(call)
        } catch {
            // One that was not answered may have been carried out.
            if !error.isRetriable { store.take { $0.refused(call, of: target) } }
            throw error
        }
    }

    /// Where a target is. A caller that waits keeps this instead of a ``Site``, which shares what is known of all homes: as
    /// long as one is kept, the next change copies it all.
    private func place(of target: Target) -> (location: LocationID, gateway: GatewayID)? {
        store.site(of: target.systemID).map { ($0.location.id, $0.system.gatewayID) }
    }

    private func site(of command: Command) throws(Refusal) -> Site {
        guard let site = store.site(of: command.target.systemID) else {
            throw Refusal(.unknownTarget, "The control system is not there any more.")
        }
        return site
    }

    private func decision(for command: Command) async throws -> Decision {
        if command.isUnanswered {
            let location = try site(of: command).location.id
            // A reading that began before the call may not show it, and the call would be made twice.
            try await reader.read(
                [command.action.isSchedule ? .schedule(command.target) : .status(location)],
                afresh: true
            )
        }
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
