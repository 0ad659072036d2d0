import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("What the bridge says it has done")
struct BridgeStatisticsTests {
    private let start: Instant

    init() throws {
        start = try moment("2026-11-24T17:00:00Z")
    }

    @Test("Its keys are always there, and in their places")
    func json() {
        let statistics = BridgeStatistics(
            started: start,
            tokenExpires: start + .seconds(1799),
            loginsLeft: 5,
            sinceStart: .init(
                calls: ["token": 2, "status": 20],
                readings: [.poll: 18, .command: 2],
                logins: 1,
                refreshes: 1,
                refusals: 0,
                commands: [.succeeded: 2, .expired: 1],
                publishes: 99
            ),
            lastHour: .init(calls: ["token": 0, "status": 20]),
            today: .init()
        )
        #expect(
            statistics.json.text == """
                {"started":"2026-11-24T17:00:00Z","token_expires":"2026-11-24T17:29:59Z",\
                "logins_left":5,\
                "since_start":{"calls":{"total":22,"status":20,"token":2},\
                "readings":{"total":20,"poll":18,"switchpoint":0,"command":2,"request":0,"schedules":0,"precision":0},\
                "logins":1,"refreshes":1,"refusals":0,\
                "commands":{"total":3,"succeeded":2,"failed":0,"rejected":0,"superseded":0,"expired":1},\
                "publishes":99},\
                "last_hour":{"calls":{"total":20,"status":20,"token":0},\
                "readings":{"total":0,"poll":0,"switchpoint":0,"command":0,"request":0,"schedules":0,"precision":0},\
                "logins":0,"refreshes":0,"refusals":0,\
                "commands":{"total":0,"succeeded":0,"failed":0,"rejected":0,"superseded":0,"expired":0},\
                "publishes":0},\
                "today":{"calls":{"total":0},\
                "readings":{"total":0,"poll":0,"switchpoint":0,"command":0,"request":0,"schedules":0,"precision":0},\
                "logins":0,"refreshes":0,"refusals":0,\
                "commands":{"total":0,"succeeded":0,"failed":0,"rejected":0,"superseded":0,"expired":0},\
                "publishes":0}}
                """
        )
    }

    @Test("Its own publishing is not news, anything else is")
    func news() {
        let first = statistics(.init(calls: ["status": 1], publishes: 10))
        #expect(!first.isNews(after: first))
        #expect(!statistics(.init(calls: ["status": 1], publishes: 11)).isNews(after: first))
        #expect(statistics(.init(calls: ["status": 2], publishes: 11)).isNews(after: first))
        #expect(statistics(.init(calls: ["status": 1], commands: [.failed: 1])).isNews(after: first))
        #expect(statistics(.init(calls: ["status": 1]), tokenExpires: start).isNews(after: first))
    }

    private func statistics(_ counts: BridgeStatistics.Counts, tokenExpires: Instant? = nil) -> BridgeStatistics {
        BridgeStatistics(
            started: start,
            tokenExpires: tokenExpires,
            sinceStart: counts,
            lastHour: counts,
            today: counts
        )
    }
}

@Suite("What was done within the last hour, and today")
struct CountWindowsTests {
    private let start: Instant

    init() throws {
        start = try moment("2026-11-24T17:00:00Z")
    }

    @Test("In the first hour it is everything")
    func young() {
        var window = CountWindows(start: start)
        for minute in 1...60 {
            let hour = window.lastHour(of: Counts(logins: minute), at: start + .seconds(60 * minute))
            #expect(hour.logins == minute)
        }
    }

    @Test("What is older than an hour drops out, to the minute")
    func old() {
        var window = CountWindows(start: start)
        for minute in 1...300 {
            // One every minute for two hours, and none afterwards.
            let hour = window.lastHour(of: Counts(logins: min(minute, 120)), at: start + .seconds(60 * minute))
            #expect(hour.logins == min(minute, 60, max(0, 180 - minute)), "minute \(minute)")
        }
    }

    @Test("Each endpoint and each outcome is counted by itself")
    func parts() {
        var window = CountWindows(start: start)
        _ = window.lastHour(of: Counts(calls: ["status": 5], commands: [.failed: 1]), at: start + .seconds(60))
        let hour = window.lastHour(
            of: Counts(calls: ["status": 7, "token": 1], commands: [.failed: 1, .succeeded: 2]),
            at: start + .seconds(3700)
        )
        #expect(hour == Counts(calls: ["status": 2, "token": 1], commands: [.failed: 0, .succeeded: 2]))
    }

    @Test("A clock that is set, as on a Raspberry Pi that boots in the past, keeps nothing for longer than an hour")
    func setClock() {
        var window = CountWindows(start: start)
        _ = window.lastHour(of: Counts(logins: 3), at: start + .seconds(86_400 * 365))
        #expect(window.lastHour(of: Counts(logins: 4), at: start).logins == 4)
        #expect(window.lastHour(of: Counts(logins: 4), at: start + .seconds(3600)).logins == 0)
    }

    @Test("A day begins at the location's midnight, and has what was done since then")
    func today() throws {
        let amsterdam = try #require(LocationTimeZone(identifier: "Europe/Amsterdam"))
        var windows = CountWindows(start: start)
        #expect(windows.today(of: Counts(logins: 2), at: start, in: amsterdam).logins == 2)
        // 23:59 there, then 00:00.
        let midnight = try moment("2026-11-24T23:00:00Z")
        #expect(windows.today(of: Counts(logins: 5), at: midnight - .seconds(60), in: amsterdam).logins == 5)
        #expect(windows.today(of: Counts(logins: 5), at: midnight, in: amsterdam).logins == 0)
        #expect(windows.today(of: Counts(logins: 7), at: midnight + .seconds(7200), in: amsterdam).logins == 2)
    }

    private typealias Counts = BridgeStatistics.Counts
}
