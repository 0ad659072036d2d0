import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("How the cloud is")
struct CloudHealthTests {
    private let start: Instant

    init() throws {
        start = try moment("2026-11-24T17:00:00Z")
    }

    @Test("It is stale before anything was asked")
    func initial() {
        let health = CloudHealth(at: start)
        #expect(
            CloudReport(health, problem: nil).json.text
                == #"{"state":"stale","since":"2026-11-24T17:00:00Z","last_success":null,"retry_at":null,"error":null}"#
        )
    }

    @Test(
        "Each kind of failure has its state",
        arguments: [
            (CloudFailure.Kind.unreachable, CloudHealth.State.unreachable), (.rateLimited, .rateLimited),
            (.unauthorised, .unauthorised), (.refused, .stale), (.cancelled, .ok),
        ] as [(CloudFailure.Kind, CloudHealth.State)]
    )
    func failures(kind: CloudFailure.Kind, state: CloudHealth.State) {
        var health = CloudHealth(at: start)
        health.succeeded(at: start)
        health.failed(CloudFailure(kind, "It is so."), at: start + .seconds(60), retryAt: start + .seconds(90))
        #expect(health.state == state)
        #expect(health.lastSuccess == start)
    }

    @Test("A state keeps the time at which it began, and its end clears the error")
    func since() {
        var health = CloudHealth(at: start)
        health.failed(CloudFailure(.unreachable, "It is away."), at: start + .seconds(1), retryAt: start + .seconds(2))
        health.failed(CloudFailure(.unreachable, "Still."), at: start + .seconds(2), retryAt: start + .seconds(4))
        #expect(health.since == start + .seconds(1))
        #expect(health.error == "Still.")
        #expect(health.retryAt == start + .seconds(4))
        health.succeeded(at: start + .seconds(4))
        #expect(health.state == .ok)
        #expect(health.since == start + .seconds(4))
        #expect(health.error == nil)
        #expect(health.retryAt == nil)
    }

    @Test("Tokens that cannot be saved are reported although the cloud is well")
    func storeProblem() {
        var health = CloudHealth(at: start)
        health.succeeded(at: start)
        #expect(CloudReport(health, problem: "The disk is full.").json["error"] == .string("The disk is full."))
    }

    @Test(
        "That the cloud still answers is news every five seconds, and at once when the clock was put back",
        arguments: [(1, false), (4, false), (5, true), (180, true), (-1, true)]
    )
    func repeated(seconds: Int, isNews: Bool) {
        var health = CloudHealth(at: start)
        health.succeeded(at: start)
        let earlier = CloudReport(health, problem: nil)
        health.succeeded(at: start + .seconds(seconds))
        #expect(CloudReport(health, problem: nil).isNews(after: earlier) == isNews)
    }

    @Test("All else that bridge/cloud says is news at once")
    func news() {
        var health = CloudHealth(at: start)
        let unasked = CloudReport(health, problem: nil)
        health.succeeded(at: start)
        let well = CloudReport(health, problem: nil)
        #expect(well.isNews(after: unasked))
        #expect(CloudReport(health, problem: "The disk is full.").isNews(after: well))
        #expect(CloudReport(health, problem: nil, address: "https://other.example").isNews(after: well))
        for second in 1...2 {
            let now = start + .seconds(second)
            let before = CloudReport(health, problem: nil)
            health.failed(CloudFailure(.unreachable, "It is away."), at: now, retryAt: now + .seconds(1))
            #expect(CloudReport(health, problem: nil).isNews(after: before))
        }
    }
}
