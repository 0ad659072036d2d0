import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Following commands with few readings")
struct CommandFollowerTests {
    @Test("A command whose task takes four seconds needs one or two readings, and no task")
    func single() throws {
        var gateway = Gateway(tasks: [.init(lasts: 4)])
        let calls = gateway.run()
        #expect(gateway.outcomes == [.succeeded])
        #expect(calls.tasks == 0)
        #expect(calls.statuses <= 2)
        #expect(gateway.longestDelay <= 4)
    }

    @Test("A scene of twelve zones needs at most sixteen readings", arguments: [0.0, 0.5, 1.0, 2.0])
    func scene(visibility: Double) {
        var gateway = Gateway(tasks: (0..<12).map { _ in .init(lasts: 4, visible: visibility) })
        let calls = gateway.run()
        #expect(gateway.outcomes == Array(repeating: .succeeded, count: 12))
        #expect(calls.statuses + calls.tasks <= 16)
        if visibility <= 1 { #expect(gateway.longestDelay <= 4) }
    }

    @Test("A task that fails is asked for, and ends the command within four seconds", arguments: [3.0, 4.0, 5.0])
    func failing(lasts: Double) {
        var gateway = Gateway(tasks: [.init(lasts: lasts, ends: .failed)])
        let calls = gateway.run()
        #expect(gateway.outcomes == [.failed])
        #expect(calls.statuses + calls.tasks <= 4)
        #expect(gateway.longestDelay <= 4.2)
    }

    @Test("One task that fails among twelve takes none of the others along")
    func failingInTheMiddle() {
        var gateway = Gateway(tasks: (0..<12).map { .init(lasts: 4, ends: $0 == 5 ? .failed : .succeeded) })
        let calls = gateway.run()
        #expect(gateway.outcomes == (0..<12).map { $0 == 5 ? .failed : .succeeded })
        #expect(calls.statuses + calls.tasks <= 20)
    }

    @Test("A gateway that is away is asked less and less often, until the command expires")
    func away() {
        var gateway = Gateway(tasks: [.init(lasts: 4, ends: .expired)])
        let calls = gateway.run()
        #expect(gateway.outcomes == [.expired])
        #expect(calls.statuses + calls.tasks <= 65)
    }

    @Test("A task that never ends does not hide the failure of the next one")
    func stuckAndFailing() {
        var gateway = Gateway(tasks: [.init(lasts: 4, ends: .expired), .init(lasts: 4, ends: .failed)])
        _ = gateway.run()
        #expect(gateway.outcomes == [.expired, .failed])
    }

    @Test("An earlier task's id with a status that never shows the change is a failure")
    func stale() {
        var gateway = Gateway(tasks: [.init(lasts: 0, isStale: true)])
        let calls = gateway.run()
        #expect(gateway.outcomes == [.failed])
        #expect(calls.statuses + calls.tasks <= 9)
    }

    @Test("A later command for the same subject supersedes one that is followed, and nothing more is read for that")
    func superseded() throws {
        func followed(_ id: Int, _ call: CloudCall, after time: Duration) -> CommandFollower.Followed {
            CommandFollower.Followed(
                id: id,
                target: .zone("100", in: "3"),
                location: "1",
                gateway: "2",
                call: PlannedCall(call),
                task: CommunicationTaskID("\(id)"),
                accepted: .start + time,
                deadline: .start + .seconds(600),
                isProvedByStatus: true
            )
        }
        var follower = CommandFollower()
        let schedule = Schedule<Temperature>(days: [:])
        #expect(follower.follow(followed(1, .zone("100", .hold(20, until: nil)), after: .zero)).isEmpty)
        #expect(follower.follow(followed(2, .zoneSchedule("100", schedule), after: .zero)).isEmpty)
        let conclusions = follower.follow(followed(3, .zone("100", .hold(21, until: nil)), after: .seconds(5)))
        #expect(conclusions == [.init(id: 1, outcome: .superseded)])
        #expect(follower.apply(.failed, of: "1", at: .start + .seconds(6)).isEmpty)
        #expect(follower.apply(.failed, of: "3", at: .start + .seconds(7)).map(\.id) == [3])
        let next = try #require(follower.nextReading(of: "1"))
        #expect(next.reading == .schedule(.zone("100", in: "3")))
    }

    @Test("What a mode masks ends with its task, and no status is read for it")
    func masked() {
        var gateway = Gateway(tasks: [.init(lasts: 4, isMasked: true)])
        let calls = gateway.run()
        #expect(gateway.outcomes == [.succeeded])
        #expect(calls.statuses == 0)
        #expect(calls.tasks <= 2)
    }

    @Test("Never more than one reading in three seconds, but for a task right after a status", arguments: 1...60)
    func pace(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var gateway = Gateway(
            tasks: (0..<Int.random(in: 1...14, using: &random)).map { _ in
                .init(
                    lasts: Double.random(in: 2...6, using: &random),
                    visible: Double.random(in: 0...3, using: &random),
                    ends: [.succeeded, .succeeded, .succeeded, .failed, .expired].randomElement(using: &random)
                        ?? .succeeded,
                    isMasked: Int.random(in: 0...6, using: &random) == 0
                )
            }
        )
        let calls = gateway.run()
        #expect(gateway.outcomes == gateway.tasks.map(\.ends))
        for (first, second) in zip(calls.statusMoments, calls.statusMoments.dropFirst()) {
            #expect(second - first >= 2.999)
        }
        for (first, third) in zip(calls.moments, calls.moments.dropFirst(2)) { #expect(third - first >= 2.999) }
    }
}

/// A gateway that carries out tasks one after another, and a cloud that shows each some time later.
private struct Gateway {
    struct Task {
        var lasts: Double
        var visible = 0.0
        var ends = Outcome.Kind.succeeded
        var isStale = false
        var isMasked = false
        fileprivate var end = Double.infinity
    }

    struct Calls {
        var statusMoments: [Double] = []
        var moments: [Double] = []
        var statuses: Int { statusMoments.count }
        var tasks: Int { moments.count - statuses }
    }

    private(set) var tasks: [Task]
    private(set) var outcomes: [Outcome.Kind] = []
    /// In seconds from a task's end to the outcome.
    private(set) var longestDelay = 0.0

    init(tasks: [Task]) {
        self.tasks = tasks
        var free = 0.0
        for index in tasks.indices where tasks[index].ends != .expired {
            free += tasks[index].lasts
            self.tasks[index].end = free
        }
    }

    mutating func run() -> Calls {
        var follower = CommandFollower()
        for index in tasks.indices { _ = follower.follow(followed(index)) }
        var calls = Calls()
        var ended: [Int: Outcome.Kind] = [:]
        while !follower.isEmpty, let due = next(of: follower) {
            var conclusions = follower.expire(at: due.at)
            if conclusions.isEmpty, let reading = due.reading {
                calls.moments.append(due.at.seconds)
                follower.began(reading, at: due.at)
                switch reading {
                case .status:
                    calls.statusMoments.append(due.at.seconds)
                    conclusions = follower.apply(status(at: due.at.seconds), asked: due.at, at: due.at)
                case .task(let id):
                    conclusions = follower.apply(state(of: id, at: due.at.seconds), of: id, at: due.at)
                case .installation, .schedule, .temperatures: Issue.record("\(reading)")
                }
            }
            for conclusion in conclusions {
                ended[conclusion.id] = conclusion.outcome.kind
                let task = tasks[conclusion.id]
                if task.ends != .expired, !task.isStale { longestDelay = max(longestDelay, due.at.seconds - task.end) }
            }
        }
        outcomes = tasks.indices.compactMap { ended[$0] }
        return calls
    }

    private func next(of follower: CommandFollower) -> (reading: Reading?, at: Uptime)? {
        guard let deadline = follower.nextDeadline else { return nil }
        guard let next = follower.nextReading(of: "1"), next.at < deadline else { return (nil, deadline) }
        return (next.reading, next.at)
    }

    private func followed(_ index: Int) -> CommandFollower.Followed {
        let notes: [PlannedCall.Note] = tasks[index].isMasked ? [.masked(by: .away)] : []
        return CommandFollower.Followed(
            id: index,
            target: .zone(zone(index), in: "3"),
            location: "1",
            gateway: "2",
            call: PlannedCall(.zone(zone(index), .hold(21, until: nil)), notes: notes),
            task: CommunicationTaskID("\(index)"),
            accepted: Uptime(sinceStart: .milliseconds(10 * index)),
            deadline: Uptime(sinceStart: .seconds(600)),
            isProvedByStatus: !tasks[index].isStale
        )
    }

    private func zone(_ index: Int) -> ZoneID { ZoneID("\(100 + index)") }

    private func status(at now: Double) -> LocationStatus {
        let zones = tasks.indices.map { index in
            let task = tasks[index]
            let isShown = task.ends == .succeeded && !task.isStale && task.end + task.visible <= now
            return ZoneStatus(
                id: zone(index),
                name: nil,
                temperature: 18,
                setpoint: isShown ? 21 : 16,
                mode: isShown ? .permanentOverride : .followSchedule,
                until: nil,
                faults: []
            )
        }
        let system = ControlSystemStatus(
            id: "3",
            mode: .auto,
            isPermanent: true,
            until: nil,
            faults: [],
            zones: zones,
            hotWater: nil
        )
        return LocationStatus(id: "1", systems: [system])
    }

    private func state(of id: CommunicationTaskID, at now: Double) -> CommunicationTaskState? {
        guard let index = Int(id.text) else { return nil }
        guard tasks[index].end <= now else { return CommunicationTaskState(rawValue: "running") }
        return tasks[index].ends == .failed ? .failed : .succeeded
    }
}

extension Uptime {
    fileprivate var seconds: Double { sinceStart / .seconds(1) }
}
