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
            sinceStart: .init(
                calls: ["token": 2, "status": 20],
                logins: 1,
                refreshes: 1,
                refusals: 0,
                commands: [.succeeded: 2, .expired: 1],
                publishes: 99
            ),
            lastHour: .init(calls: ["token": 0, "status": 20])
        )
        #expect(
            statistics.json.text == """
                {"started":"2026-11-24T17:00:00Z","token_expires":"2026-11-24T17:29:59Z",\
                "since_start":{"calls":{"total":22,"status":20,"token":2},"logins":1,"refreshes":1,"refusals":0,\
                "commands":{"total":3,"succeeded":2,"failed":0,"rejected":0,"superseded":0,"expired":1},\
                "publishes":99},\
                "last_hour":{"calls":{"total":20,"status":20,"token":0},"logins":0,"refreshes":0,"refusals":0,\
                "commands":{"total":0,"succeeded":0,"failed":0,"rejected":0,"superseded":0,"expired":0},\
                "publishes":0}}
                """
        )
    }

    @Test("That it was published is no news, anything else is")
    func news() {
        let first = statistics(.init(calls: ["status": 1], publishes: 10))
        #expect(!first.isNews(after: first))
        #expect(!statistics(.init(calls: ["status": 1], publishes: 11)).isNews(after: first))
        #expect(statistics(.init(calls: ["status": 2], publishes: 11)).isNews(after: first))
        #expect(statistics(.init(calls: ["status": 1], commands: [.failed: 1])).isNews(after: first))
        #expect(statistics(.init(calls: ["status": 1]), tokenExpires: start).isNews(after: first))
    }

    private func statistics(_ counts: BridgeStatistics.Counts, tokenExpires: Instant? = nil) -> BridgeStatistics {
        BridgeStatistics(started: start, tokenExpires: tokenExpires, sinceStart: counts, lastHour: counts)
    }
}
