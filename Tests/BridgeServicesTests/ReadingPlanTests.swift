import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import TestSupport
import Testing

@Suite("What is read next")
struct ReadingPlanTests {
    private let start = ManualClock().now
    private let unreachable = CloudFailure(.unreachable, "Away.")

    private func plan(
        locations: Int = 1,
        schedules: Duration? = nil,
        isKnown: Bool = true,
        read: (Target) -> Instant? = { _ in nil }
    ) -> ReadingPlan {
        let intervals = PollPace.Intervals(
            status: .seconds(180),
            installation: .seconds(86_400),
            schedules: schedules
        )
        var plan = ReadingPlan(intervals: intervals, installationRead: isKnown ? start : nil, at: start)
        if isKnown { plan.know(installation(of: locations), schedulesRead: read, at: start) }
        return plan
    }

    private func installation(of count: Int) -> Installation {
        let locations = (1...count).map { number in
            var location = Cottage.location()
            location.id = LocationID("\(number)")
            return location
        }
        return Installation(accountID: "100", locations: locations)
    }

    /// Reads what is due until a moment, each reading taking no time.
    private func readings(
        of plan: inout ReadingPlan,
        until end: Duration,
        failing: (ReadingPlan.Reading) -> CloudFailure? = { _ in nil }
    ) -> [(reading: ReadingPlan.Reading, after: Duration)] {
        var largest = LargestDraws()
        var readings: [(ReadingPlan.Reading, Duration)] = []
        var now = start
        while readings.count < 10_000 {
            let (reading, due) = plan.next
            now = max(now, due)
            guard now <= start + end else { return readings }
            readings.append((reading, start.duration(to: now)))
            if let failure = failing(reading) {
                _ = plan.failed(reading, failure, at: now, using: &largest)
            } else {
                plan.succeeded(reading, at: now, using: &largest)
            }
        }
        return readings
    }

    @Test("The installation comes first where none is known")
    func first() {
        let plan = plan(isKnown: false)
        #expect(plan.next.reading == .installation)
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

    @Test("A day at the default settings is 480 statuses and one installation, a few more or less")
    func callsADay() {
        var plan = plan(schedules: .seconds(86_400))
        let read = readings(of: &plan, until: .seconds(86_400))
        let statuses = read.count { if case .status = $0.reading { true } else { false } }
        #expect((450...510).contains(statuses))
        #expect(read.count { $0.reading == .installation } == 1)
    }

    @Test("Weeks come one by one behind the status, once a day")
    func schedules() {
        var plan = plan(schedules: .seconds(86_400))
        let read = readings(of: &plan, until: .seconds(100))
        #expect(read.map(\.reading) == [.status("1")] + ["4", "5"].map { .schedule(.zone($0, in: "3")) })
        #expect(read.map(\.after) == [.zero, .seconds(1), .seconds(2)])
        let day = readings(of: &plan, until: .seconds(86_300))
        #expect(!day.contains { if case .schedule = $0.reading { true } else { false } })
    }

    @Test("Weeks that an earlier run has read are read when their time comes")
    func rememberedSchedules() {
        let old = start - .seconds(80_000)
        var plan = plan(schedules: .seconds(86_400)) { $0 == .zone("4", in: "3") ? old : nil }
        let read = readings(of: &plan, until: .seconds(7000)).filter {
            if case .schedule = $0.reading { true } else { false }
        }
        #expect(read.map(\.reading) == [.schedule(.zone("5", in: "3")), .schedule(.zone("4", in: "3"))])
        #expect(read.last?.after == .seconds(6400))
    }

    @Test("Where weeks are not read, none is")
    func noSchedules() {
        var plan = plan(schedules: nil)
        #expect(readings(of: &plan, until: .seconds(1000)).allSatisfy { $0.reading == .status("1") })
    }

    @Test("A cloud that is away is left alone, longer each time, and asked for everything when it is back")
    func outage() {
        var plan = plan(locations: 3)
        let read = readings(of: &plan, until: .seconds(100)) { _ in unreachable }
        #expect(read.map(\.after.components.seconds) == [0, 5, 15, 35, 75])
        // All of them get their turn.
        #expect(Set(read.prefix(3).map(\.reading)).count == 3)
    }

    @Test("One location that cannot be read hides no other")
    func oneBadLocation() {
        var plan = plan(locations: 3)
        let read = readings(of: &plan, until: .seconds(3600)) { $0 == .status("2") ? unreachable : nil }
        let good = read.count { $0.reading == .status("1") }
        #expect(good >= 18)
    }

    @Test("One that is refused for good is asked for again at the interval, and holds nothing")
    func refused() {
        var plan = plan(locations: 2)
        let refusal = CloudFailure(.refused, "No.")
        let read = readings(of: &plan, until: .seconds(179)) { $0 == .status("1") ? refusal : nil }
        #expect(read.prefix(2).map(\.after) == [.zero, .zero])
        #expect(read.count { $0.reading == .status("1") } == 1)
    }

    @Test("What the cloud asks for is kept")
    func retryAt() {
        var plan = plan()
        var largest = LargestDraws()
        let failure = CloudFailure(.rateLimited, "Slow.", retryAt: start + .seconds(900))
        let retryAt = plan.failed(.status("1"), failure, at: start, using: &largest)
        #expect(retryAt == start + .seconds(900))
        #expect(plan.next.at == start + .seconds(900))
    }

    @Test("A status that does not fit makes the installation be read again, once for each difference")
    func differences() {
        var plan = plan()
        var largest = LargestDraws()
        plan.succeeded(.status("1"), at: start, using: &largest)
        let isNews = plan.found([.zoneAppeared("9")], in: "1", at: start)
        #expect(isNews)
        #expect(plan.next.reading == .installation && plan.next.at == start)
        plan.succeeded(.installation, at: start, using: &largest)
        // The cloud contradicts itself; asking again and again would not help.
        let again = plan.found([.zoneAppeared("9")], in: "1", at: start)
        #expect(!again)
        #expect(plan.next.reading == .status("1"))
        let gone = plan.found([], in: "1", at: start)
        let back = plan.found([.zoneAppeared("9")], in: "1", at: start)
        #expect(!gone && back)
    }

    @Test("A refresh reads everything but weeks, and is over when it was read")
    func refresh() {
        var plan = plan(locations: 2, schedules: .seconds(86_400))
        _ = readings(of: &plan, until: .seconds(50))
        let now = start + .seconds(50)
        #expect(plan.isUpToDate(at: now))
        plan.refresh(at: now)
        #expect(!plan.isUpToDate(at: now))
        let read = readings(of: &plan, until: .seconds(50)).map(\.reading)
        #expect(read == [.installation, .status("1"), .status("2")])
        #expect(plan.isUpToDate(at: now))
    }

    @Test("A change of the interval is in force at once")
    func interval() {
        var plan = plan()
        _ = readings(of: &plan, until: .zero)
        plan.intervals.status = .seconds(600)
        let wait = start.duration(to: plan.next.at)
        #expect((Duration.seconds(570)...Duration.seconds(630)).contains(wait))
    }
}
