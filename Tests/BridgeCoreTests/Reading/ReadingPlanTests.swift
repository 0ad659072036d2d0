import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("What is read next")
struct ReadingPlanTests {
    private let start = Uptime(sinceStart: .seconds(100_000))
    private let unreachable = CloudFailure(.unreachable, "Away.")
    private let refusal = CloudFailure(.refused, "No.")

    private func plan(
        locations: Int = 1,
        schedules: Duration? = nil,
        isKnown: Bool = true,
        shortest: Duration = .zero,
        highPrecision: Bool = false,
        read: (Target) -> Uptime? = { _ in nil }
    ) -> ReadingPlan {
        var plan = ReadingPlan(
            intervals: .init(status: .seconds(180), installation: .seconds(86_400), schedules: schedules),
            installationRead: isKnown ? start : nil,
            shortestStatusInterval: shortest,
            readsHighPrecision: highPrecision,
            at: start
        )
        if isKnown { plan.know(Cottage.installation(locations: locations), schedulesRead: read, at: start) }
        return plan
    }

    private typealias Read = (reading: Reading, after: Duration, cause: Reading.Cause)

    /// Reads what is due until a moment, each reading taking no time.
    private func readings(
        of plan: inout ReadingPlan,
        from begin: Duration = .zero,
        until end: Duration,
        failing: (Reading) -> CloudFailure? = { _ in nil }
    ) -> [Read] {
        var readings: [Read] = []
        var now = start + begin
        while readings.count < 10_000, let next = plan.nextMoment {
            now = max(now, next)
            guard now <= start + end else { break }
            for due in plan.begin(at: now) {
                readings.append((due.reading, start.duration(to: now), due.cause))
                finish(due.reading, of: &plan, at: now, failing(due.reading))
            }
        }
        return readings
    }

    private func finish(_ reading: Reading, of plan: inout ReadingPlan, at now: Uptime, _ failure: CloudFailure? = nil)
    {
        var largest = LargestDraws()
        if let failure {
            _ = plan.failed(reading, failure, retryAfter: nil, at: now, using: &largest)
            return
        }
        switch reading {
        case .installation: plan.installationArrived(at: now)
        case .status(let id):
            let status = Cottage.status(number: Int(id.text) ?? 0)
            _ = plan.arrived(status, asked: now, at: now, using: &largest)
        case .schedule(let target): _ = plan.arrived(nil, of: target, asked: now, at: now)
        case .task(let task): _ = plan.arrived(.succeeded, of: task, at: now)
        case .temperatures: plan.temperaturesEnded()
        }
    }

    private func begin(_ plan: inout ReadingPlan, after duration: Duration = .zero) -> [Reading] {
        plan.begin(at: start + duration).map(\.reading)
    }

    // MARK: - Polls

    @Test("The installation comes first if none is known")
    func first() {
        let plan = plan(isKnown: false)
        #expect(plan.next?.reading == .installation)
        #expect(!plan.isFirstRoundOver)
    }

    @Test("Every location is read at once at first, in order, and then each in its own part of the interval")
    func spread() {
        var plan = plan(locations: 4)
        let read = readings(of: &plan, until: .seconds(170))
        #expect(read.prefix(4).map(\.reading) == (1...4).map { .status(LocationID("\($0)")) })
        #expect(read.prefix(4).allSatisfy { $0.after == .zero })
        #expect(plan.isFirstRoundOver)
        let later = read.dropFirst(4).map { ($0.reading, $0.after.components.seconds) }
        #expect(later.map(\.0) == (1...3).map { .status(LocationID("\($0)")) })
        #expect(zip(later.map(\.1), [47, 94, 141]).allSatisfy { abs($0 - $1) <= 1 })
    }

    @Test("A day at the default settings is about 480 statuses and one installation")
    func callsADay() {
        var plan = plan(schedules: .seconds(86_400))
        let read = readings(of: &plan, until: .seconds(86_400))
        #expect((450...510).contains(read.count { $0.reading.isStatus }))
        #expect(read.count { $0.reading == .installation } == 1)
    }

    @Test("A change of the interval takes effect at once")
    func interval() throws {
        var plan = plan()
        _ = readings(of: &plan, until: .zero)
        plan.intervals.status = .seconds(600)
        let wait = start.duration(to: try #require(plan.next).at)
        #expect((Duration.seconds(570)...Duration.seconds(630)).contains(wait))
    }

    @Test("Without polls nothing is read that nobody waits for")
    func noPolls() {
        var plan = ReadingPlan(
            intervals: .init(status: .seconds(180), installation: .seconds(86_400), schedules: .seconds(86_400)),
            installationRead: nil,
            polls: false,
            at: start
        )
        #expect(plan.nextMoment == nil)
        plan.want(.installation, for: .request)
        #expect(begin(&plan) == [.installation])
    }

    // MARK: - Schedules

    @Test("Schedules come one by one behind the status, once a day")
    func schedules() {
        var plan = plan(schedules: .seconds(86_400))
        let read = readings(of: &plan, until: .seconds(100))
        #expect(read.map(\.reading) == [.status("1")] + [Cottage.kitchen, Cottage.hall].map(schedule))
        #expect(read.map(\.after) == [.zero, .seconds(1), .seconds(2)])
        let day = readings(of: &plan, from: .seconds(100), until: .seconds(86_300))
        #expect(!day.contains { $0.reading.isSchedule })
    }

    @Test("Schedules that an earlier run has read are read when they are old enough")
    func rememberedSchedules() {
        let old = start - .seconds(80_000)
        var plan = plan(schedules: .seconds(86_400)) { $0 == Cottage.target(Cottage.kitchen) ? old : nil }
        let read = readings(of: &plan, until: .seconds(7000)).filter { $0.reading.isSchedule }
        #expect(read.map(\.reading) == [Cottage.hall, Cottage.kitchen].map(schedule))
        #expect(read.last?.after == .seconds(6400))
    }

    @Test("No schedule is read if that is turned off")
    func noSchedules() {
        var plan = plan(schedules: nil)
        #expect(readings(of: &plan, until: .seconds(1000)).allSatisfy { $0.reading == .status("1") })
    }

    @Test("A schedule that cannot be read hides no other, and is read when the cloud is back")
    func failingSchedule() {
        var plan = plan(schedules: .seconds(86_400))
        let read = readings(of: &plan, until: .seconds(300)) { [unreachable] reading in
            reading == schedule(Cottage.kitchen) ? unreachable : nil
        }
        #expect(read.contains { $0.reading == schedule(Cottage.hall) })
        let later = readings(of: &plan, from: .seconds(300), until: .seconds(600))
        #expect(later.filter { $0.reading.isSchedule }.map(\.reading) == [schedule(Cottage.kitchen)])
    }

    @Test("A refused schedule is read again at its interval")
    func refusedSchedule() {
        var plan = plan(schedules: .seconds(86_400))
        let read = readings(of: &plan, until: .seconds(80_000)) { [refusal] in $0.isSchedule ? refusal : nil }
        #expect(read.count { $0.reading.isSchedule } == 2)
    }

    // MARK: - Failures

    @Test("A cloud that is away is left alone, longer each time")
    func outage() {
        var plan = plan(locations: 3)
        let read = readings(of: &plan, until: .seconds(100)) { [unreachable] _ in unreachable }
        #expect(read.map(\.after.components.seconds) == [0, 5, 15, 35, 75])
        #expect(Set(read.prefix(3).map(\.reading)).count == 3, "each location gets its turn")
    }

    @Test("One location that cannot be read hides no other")
    func oneBadLocation() {
        var plan = plan(locations: 3)
        let read = readings(of: &plan, until: .seconds(3600)) { [unreachable] in
            $0 == .status("2") ? unreachable : nil
        }
        #expect(read.count { $0.reading == .status("1") } >= 18)
    }

    @Test("A location that is refused is asked for again at the interval, and holds up nothing")
    func refused() {
        var plan = plan(locations: 2)
        let read = readings(of: &plan, until: .seconds(179)) { [refusal] in $0 == .status("1") ? refusal : nil }
        #expect(read.prefix(2).map(\.after) == [.zero, .zero])
        #expect(read.count { $0.reading == .status("1") } == 1)
    }

    @Test("A refused location is not asked for in a loop because a switchpoint has passed")
    func refusedAfterSwitchpoint() {
        var plan = plan()
        _ = readings(of: &plan, until: .zero)
        plan.expectSwitchpoint(at: start + .seconds(10), in: "1", at: start)
        let read = readings(of: &plan, until: .seconds(170)) { [refusal] in $0.isStatus ? refusal : nil }
        #expect(read.map(\.cause) == [.switchpoint])
    }

    @Test("A refused installation is not asked for in a loop after an outage")
    func refusedInstallation() {
        var plan = plan(isKnown: false)
        var failures = [unreachable]
        let read = readings(of: &plan, until: .seconds(170)) { [refusal] _ in failures.popLast() ?? refusal }
        #expect(read.map(\.after) == [.zero, .seconds(5)])
    }

    @Test("A location that the cloud does not know has the installation read at once, every 15 minutes at most")
    func locationNotFound() {
        var plan = plan()
        let unknown = CloudFailure(.refused, "No.", isNotFound: true)
        let read = readings(of: &plan, until: .seconds(3600)) { $0.isStatus ? unknown : nil }
        let searches = read.filter { $0.reading == .installation }.map(\.after)
        #expect(searches.first == .zero)
        #expect((4...5).contains(searches.count))
        #expect(zip(searches, searches.dropFirst()).allSatisfy { $1 - $0 >= .seconds(900) })
    }

    @Test("Nothing but high-precision temperatures is read before the time that the cloud names")
    func bar() {
        var plan = plan(locations: 2)
        var largest = LargestDraws()
        plan.want(.status("2"), for: .request)
        #expect(Set(begin(&plan)) == [.status("2"), .status("1")])
        let limited = CloudFailure(.rateLimited, "Slow.")
        let next = plan.failed(.status("1"), limited, retryAfter: .seconds(900), at: start, using: &largest)
        #expect(next == start + .seconds(900))
        // Neither a success that was asked for earlier nor another failure lifts it.
        finish(.status("2"), of: &plan, at: start + .seconds(1))
        plan.want(.status("2"), for: .request)
        _ = plan.follow(command())
        #expect(begin(&plan, after: .seconds(899)) == [])
        #expect(Set(begin(&plan, after: .seconds(900))).contains(.status("2")))
        _ = plan.failed(
            .status("2"),
            unreachable,
            retryAfter: .seconds(100),
            at: start + .seconds(900),
            using: &largest
        )
        _ = plan.failed(.status("1"), unreachable, retryAfter: nil, at: start + .seconds(901), using: &largest)
        #expect(begin(&plan, after: .seconds(999)) == [])
    }

    @Test("Whoever waits is served in a pause of our own, and after an account was refused")
    func urgentWhileHeld() {
        for kind in [CloudFailure.Kind.unreachable, .unauthorised] {
            var plan = plan()
            var largest = LargestDraws()
            _ = begin(&plan)
            let retryAfter: Duration? = kind == .unauthorised ? .seconds(900) : nil
            _ = plan.failed(.status("1"), CloudFailure(kind, "No."), retryAfter: retryAfter, at: start, using: &largest)
            #expect(begin(&plan, after: .seconds(1)) == [])
            plan.want(.status("1"), for: .request)
            #expect(begin(&plan, after: .seconds(1)) == [.status("1")])
        }
    }

    // MARK: - Who else wants something

    @Test("A status that does not match has the installation read again, once for each difference")
    func differences() {
        var plan = plan()
        _ = readings(of: &plan, until: .zero)
        let isNews = plan.found([.zoneAppeared("9")], in: "1", at: start)
        #expect(isNews)
        #expect(readings(of: &plan, until: .zero).map(\.reading) == [.installation])
        // The cloud contradicts itself; asking again and again would not help.
        let again = plan.found([.zoneAppeared("9")], in: "1", at: start)
        #expect(!again)
        #expect(plan.next?.reading == .status("1"))
        let gone = plan.found([], in: "1", at: start)
        let back = plan.found([.zoneAppeared("9")], in: "1", at: start)
        #expect(!gone && back)
    }

    @Test("A refresh reads everything but schedules")
    func refresh() {
        var plan = plan(locations: 2, schedules: .seconds(86_400))
        _ = readings(of: &plan, until: .seconds(50))
        let wanted = plan.refresh()
        #expect(wanted == [.installation, .status("1"), .status("2")])
        let read = readings(of: &plan, from: .seconds(50), until: .seconds(50))
        #expect(read.map(\.reading) == [.installation, .status("1"), .status("2")])
        #expect(read.allSatisfy { $0.cause == .request })
    }

    @Test("A refresh asks nothing twice that is in flight")
    func refreshInFlight() {
        var plan = plan()
        #expect(begin(&plan) == [.status("1")])
        _ = plan.refresh()
        #expect(begin(&plan) == [.installation])
        finish(.installation, of: &plan, at: start)
        finish(.status("1"), of: &plan, at: start)
        #expect(begin(&plan, after: .seconds(100)) == [])
    }

    @Test("A status is read after a switchpoint, and a minute after the last one at the earliest")
    func switchpoint() {
        for (moment, expected) in [(100, 100), (30, 60), (175, 175), (189, 189), (230, 230), (249, 189)] {
            var plan = plan(shortest: .seconds(60))
            _ = readings(of: &plan, until: .zero)
            plan.expectSwitchpoint(at: start + .seconds(moment), in: "1", at: start)
            // The usual poll is due after 189 s. One that would come up to a minute earlier waits.
            let read = readings(of: &plan, until: .seconds(248))
            #expect(read.first?.after == (moment == 249 ? .seconds(189) : .seconds(expected)), "\(moment)")
            #expect(read.first?.cause == (moment == 249 ? .poll : .switchpoint) || moment == 189, "\(moment)")
            #expect(zip(read, read.dropFirst()).allSatisfy { $1.after - $0.after >= .seconds(60) })
        }
    }

    @Test("A status between a switchpoint and its reading does not cancel the reading")
    func statusAfterSwitchpoint() {
        var plan = plan()
        _ = readings(of: &plan, until: .zero)
        plan.expectSwitchpoint(at: start + .seconds(20), in: "1", at: start)
        plan.want(.status("1"), for: .request)
        #expect(readings(of: &plan, from: .seconds(10), until: .seconds(10)).map(\.cause) == [.request])
        plan.expectSwitchpoint(at: start + .seconds(9000), in: "1", at: start + .seconds(10))
        #expect(readings(of: &plan, from: .seconds(10), until: .seconds(20)).map(\.cause) == [.switchpoint])
    }

    @Test("One status serves a poll, a refresh and a command")
    func merged() {
        var plan = plan()
        _ = plan.follow(command())
        plan.want(.status("1"), for: .request)
        #expect(begin(&plan, after: .seconds(5)) == [.status("1")])
        var largest = LargestDraws()
        let (asked, now) = (start + .seconds(5), start + .seconds(6))
        var status = Cottage.status(kitchen: 21)
        status.systems[0].zones[0].mode = .permanentOverride
        let ended = plan.arrived(status, asked: asked, at: now, using: &largest)
        #expect(ended.map(\.outcome.kind) == [.succeeded])
        #expect(begin(&plan, after: .seconds(100)) == [])
    }

    // MARK: - High-precision temperatures

    @Test("Temperatures come after each round of polls but the first, once for all locations")
    func temperatures() {
        var plan = plan(locations: 3, highPrecision: true)
        let read = readings(of: &plan, until: .seconds(1000))
        #expect(read.prefix(3).allSatisfy { $0.reading.isStatus })
        let statuses = read.count { $0.reading.isStatus }
        #expect(abs(read.count { $0.reading == .temperatures } - (statuses / 3 - 1)) <= 1)
    }

    @Test("A limit that a command met holds for readings, too, and passes")
    func limitOfACommand() {
        var plan = ReadingPlan(
            intervals: .init(status: .seconds(180), installation: .seconds(86_400)),
            installationRead: nil,
            at: .start
        )
        plan.bar(for: .seconds(20), at: .start)
        plan.want(.installation, for: .request)
        #expect(plan.next?.at == .start + .seconds(20))
        #expect(plan.begin(at: .start + .seconds(19)).isEmpty)
        #expect(plan.begin(at: .start + .seconds(20)).map(\.reading) == [.installation])
    }

    @Test("Statuses that are read for commands bring no temperatures")
    func temperaturesAndCommands() {
        var plan = plan(highPrecision: true)
        _ = readings(of: &plan, until: .zero)
        _ = plan.follow(command())
        let read = readings(of: &plan, until: .seconds(60))
        #expect(read.count { $0.reading.isStatus } >= 4)
        #expect(!read.contains { $0.reading == .temperatures })
    }

    /// A command whose change no status of these tests shows.
    private func command() -> CommandFollower.Followed {
        CommandFollower.Followed(
            id: 1,
            target: Cottage.target(Cottage.kitchen),
            location: "1",
            gateway: "2",
            call: PlannedCall(.zone(Cottage.kitchen, .hold(21, until: nil)), notes: []),
            task: nil,
            accepted: start,
            deadline: start + .seconds(600),
            isProvedByStatus: true
        )
    }
}

private func schedule(_ zone: ZoneID) -> Reading { .schedule(Cottage.target(zone)) }

extension Reading {
    var isStatus: Bool { if case .status = self { true } else { false } }
    var isSchedule: Bool { if case .schedule = self { true } else { false } }
}
