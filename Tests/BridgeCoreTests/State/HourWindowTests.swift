import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("What was done within the last hour")
struct HourWindowTests {
    private let start: Instant

    init() throws {
        start = try moment("2026-11-24T17:00:00Z")
    }

    @Test("In the first hour it is everything")
    func young() {
        var window = HourWindow(start: start)
        for minute in 1...60 {
            let hour = window.lastHour(of: Counts(logins: minute), at: start + .seconds(60 * minute))
            #expect(hour.logins == minute)
        }
    }

    @Test("What is older than an hour drops out, to the minute")
    func old() {
        var window = HourWindow(start: start)
        for minute in 1...300 {
            // One every minute for two hours, and none afterwards.
            let hour = window.lastHour(of: Counts(logins: min(minute, 120)), at: start + .seconds(60 * minute))
            #expect(hour.logins == min(minute, 60, max(0, 180 - minute)), "minute \(minute)")
        }
    }

    @Test("Each endpoint and each outcome is told apart")
    func parts() {
        var window = HourWindow(start: start)
        _ = window.lastHour(of: Counts(calls: ["status": 5], commands: [.failed: 1]), at: start + .seconds(60))
        let hour = window.lastHour(
            of: Counts(calls: ["status": 7, "token": 1], commands: [.failed: 1, .succeeded: 2]),
            at: start + .seconds(3700)
        )
        #expect(hour == Counts(calls: ["status": 2, "token": 1], commands: [.failed: 0, .succeeded: 2]))
    }

    @Test("A clock that is set, as on a Raspberry Pi that boots in the past, keeps nothing for longer than an hour")
    func setClock() {
        var window = HourWindow(start: start)
        _ = window.lastHour(of: Counts(logins: 3), at: start + .seconds(86_400 * 365))
        #expect(window.lastHour(of: Counts(logins: 4), at: start).logins == 4)
        #expect(window.lastHour(of: Counts(logins: 4), at: start + .seconds(3600)).logins == 0)
    }

    private typealias Counts = BridgeStatistics.Counts
}
