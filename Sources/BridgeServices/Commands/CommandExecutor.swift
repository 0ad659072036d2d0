import BridgeCore
import HeatingModel

/// Does what a command asks: plans it, sends it, follows it to its end. Each step is called by the loop, when the
/// ``CommandQueue`` says that it is time.
struct CommandExecutor: Sendable {
    let cloud: any Cloud
    let homes: Homes
    /// How long a command may take altogether.
    let expiry: Duration
    let clock: any WallClock

    /// Refuses what can be refused before its turn.
    ///
    /// - Returns: The gateway that it goes through.
    func check(_ command: Command) throws(Refusal) -> GatewayID {
        let (site, zone) = try subject(of: command)
        try command.order.check(against: zone)
        return site.system.gatewayID
    }

    /// Tells the cloud, if there is something to tell.
    func send(_ command: Command) async -> CommandQueue.Answer {
        do {
            let (site, zone) = try subject(of: command)
            switch try await plan(command, for: zone, in: site) {
            case .alreadySo(let plan):
                return .concluded(.succeeded(plan))
            case .needsSchedule:
                // It was read, or reading it threw.
                return .failed(CloudFailure(.refused, "The zone's schedule is not known."))
            case .send(let plan):
                let task = try await cloud.override(zone.id, as: plan.override)
                homes.expect(plan.override, of: zone.id, in: site.system.id)
                return .accepted(CommandQueue.Acceptance(plan: plan, task: task))
            }
        } catch let refusal as Refusal {
            return .concluded(.rejected(refusal))
        } catch {
            return .failed(error as? CloudFailure ?? CloudFailure(.unreachable, "\(error)"))
        }
    }

    /// Follows the task to its end and reads the status until it shows the change: that a call was accepted proves
    /// nothing, since the cloud also hands out the id of an earlier task without doing anything.
    func follow(_ acceptance: CommandQueue.Acceptance, of command: Command) async -> Outcome {
        guard case .zone(let zone, in: let system) = command.target else { return .expired("Its target is gone.") }
        let deadline = command.received + expiry
        let outcome = await outcome(of: acceptance, of: zone, in: system, before: deadline)
        homes.dropExpectation(of: zone, in: system)
        return outcome
    }

    private func subject(of command: Command) throws(Refusal) -> (Site, Zone) {
        guard case .zone(let id, in: let system) = command.target, let site = homes.site(of: system),
            let zone = site.system.zones.first(where: { $0.id == id }), !zone.isGhost(with: site.reported(id))
        else { throw Refusal(.unknownTarget, "The zone is not there any more.") }
        return (site, zone)
    }

    private func plan(_ command: Command, for zone: Zone, in site: Site) async throws -> ZonePlanning {
        guard let status = site.shown(zone.id, at: clock.now) else {
            throw Refusal(.unknownTarget, "The cloud does not say how the zone is.")
        }
        var planning = try command.plan(for: zone, in: site, status: status, homes.schedule(of: zone.id), clock.now)
        if planning == .needsSchedule {
            let schedule = try await cloud.schedule(of: zone.id).map(KnownSchedule.week) ?? .none
            homes.apply(schedule, of: zone.id, in: site.system.id)
            planning = try command.plan(for: zone, in: site, status: status, schedule, clock.now)
        }
        return planning
    }

    // MARK: - Following

    private func outcome(
        of acceptance: CommandQueue.Acceptance,
        of zone: ZoneID,
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
            let status = await read(system)?.systems.first { $0.id == system }?.zones.first { $0.id == zone }
            guard let status else { continue }
            if acceptance.plan.isShown(by: status) || acceptance.plan.isMasked { return .succeeded(acceptance.plan) }
        }
        if accepted >= deadline { return .expired("Its time ran out.") }
        return Outcome(
            .failed,
            code: "not_applied",
            message: "The cloud took it, but the zone's status does not show it."
        )
    }

    /// The status shows a change one to three seconds after its task succeeded.
    private static let readBackDelays: [Duration] = [
        .zero, .seconds(0.5), .seconds(1), .seconds(1.5), .seconds(2), .seconds(3), .seconds(5),
    ]

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
        let reading = homes.beginReading()
        guard let location = homes.site(of: system)?.location, let status = try? await cloud.status(of: location) else {
            return nil
        }
        homes.apply(status, of: reading)
        return status
    }
}

extension Command {
    fileprivate func plan(
        for zone: Zone,
        in site: Site,
        status: ZoneStatus,
        _ schedule: KnownSchedule,
        _ now: Instant
    ) throws(Refusal) -> ZonePlanning {
        try order.plan(for: zone, in: site, status: status, schedule: schedule, received: received, now: now)
    }
}
