import Basics
import HTTPTypes
import HeatingModel
import TCCClient
import TestSupport
import Testing

@Suite("Calls and what the cloud answers", .timeLimit(.minutes(1)))
struct CallTests {
    private static let path = "/WebAPI/emea/api/v1/location/1/status?includeTemperatureControlSystems=True"

    @Test("A token that is refused is replaced, and the call made once more")
    func replaced() async throws {
        let calls = Calls([.unauthorised, .newToken, .emptyStatus])
        #expect(try await calls.client.status(of: Calls.location) == LocationStatus(id: "1", systems: []))
        #expect(calls.log == ["\(Self.path) first", "token", "\(Self.path) second"])
    }

    @Test("A second refusal is reported, and nothing more is sent")
    func refusedTwice() async {
        let calls = Calls([.unauthorised, .newToken, .unauthorised])
        #expect(await calls.statusFailure()?.kind == .unauthorised)
        #expect(calls.log.count == 3)
    }

    @Test("A refusal for somebody else's id does not cost a token")
    func forbidden() async {
        let body = #"[{"code":"Unauthorized","message":"You are not allowed to perform this action."}]"#
        let calls = Calls([.answer(401, body)])
        let failure = await calls.statusFailure()
        #expect(failure?.kind == .refused && failure?.isNotFound == true)
        #expect(calls.log.count == 1)
    }

    @Test(
        "Every failure says whether trying again helps",
        arguments: [
            (.answer(503, "The service is unavailable."), .unreachable), (.answer(502, "<html></html>"), .unreachable),
            (.answer(500, #"{"message":"An error has occurred."}"#), .unreachable), (.answer(504, ""), .unreachable),
            (.answer(200, #"{"locationId":"1","gate"#), .unreachable), (.answer(200, "\"outage\""), .unreachable),
            (.answer(200, "<html></html>"), .unreachable), (.answer(200, ""), .unreachable),
            (.answer(302, ""), .unreachable), (.failure(.timedOut), .unreachable), (.failure(.cut), .unreachable),
            (.failure(.notSent(.refused)), .unreachable), (.failure(.tooLarge), .unreachable),
            (.failure(.cancelled), .cancelled), (.answer(429, #"[{"code":"TooManyRequests"}]"#), .rateLimited),
            (.answer(400, #"[{"code":"InvalidInput","message":"Invalid Input."}]"#), .refused),
            (.answer(401, #"[{"message":"You are not allowed to perform this action."}]"#), .refused),
            (.answer(404, "<!DOCTYPE html>"), .refused), (.answer(405, #"{"message":"no"}"#), .refused),
        ] as [(Result<HTTPAnswer, TransportFailure>, CloudFailure.Kind)]
    )
    func failures(answer: Result<HTTPAnswer, TransportFailure>, kind: CloudFailure.Kind) async {
        let calls = Calls([answer])
        let failure = await calls.statusFailure()
        #expect(failure?.kind == kind)
        #expect(calls.log.count == 1)
        #expect(failure?.isRetriable == (kind == .unreachable || kind == .rateLimited))
    }

    @Test(
        "A failure says whether the cloud may have carried the call out",
        arguments: [
            (.failure(.timedOut), true), (.failure(.cut), true), (.failure(.tooLarge), true),
            (.failure(.notSent(.refused)), false), (.answer(200, "<html></html>"), true), (.answer(502, ""), true),
            (.answer(504, ""), true), (.answer(500, #"{"message":"An error has occurred."}"#), false),
            (.answer(503, ""), false), (.answer(429, ""), false), (.answer(404, ""), false),
        ] as [(Result<HTTPAnswer, TransportFailure>, Bool)]
    )
    func unanswered(answer: Result<HTTPAnswer, TransportFailure>, isUnanswered: Bool) async {
        #expect(await Calls([answer]).statusFailure()?.isUnanswered == isUnanswered)
    }

    @Test(
        "Whatever a 404 looks like, it says that the cloud does not know what it was asked about",
        arguments: [
            (404, #"[{"code":"LocationNotFound","message":"Location not found."}]"#, true),
            (404, #"{"message":"No HTTP resource was found that matches the request URI."}"#, true),
            (404, "<!DOCTYPE html>", true), (404, "", true), (400, #"[{"code":"InvalidInput"}]"#, false),
            (405, "", false),
        ]
    )
    func notFound(status: Int, body: String, isNotFound: Bool) async {
        #expect(await Calls([.answer(status, body)]).statusFailure()?.isNotFound == isNotFound)
    }

    @Test("Retry-After says when to come back, and only a number counts", arguments: [("30", 30), ("soon", nil)])
    func retryAfter(text: String, seconds: Int?) async {
        let calls = Calls([.answer(429, "", [.retryAfter: text])])
        let failure = await calls.statusFailure()
        #expect(failure?.retryAt == seconds.map { calls.clock.now + .seconds($0) })
    }

    @Test("A failure has the vendor's code and text, and never more than a little of a body")
    func code() async {
        let long = String(repeating: "x", count: 100_000)
        let calls = Calls([.answer(400, #"[{"code":"InvalidInput","message":"\#(long)"}]"#)])
        let failure = await calls.statusFailure()
        #expect(failure?.code == "InvalidInput")
        #expect(failure?.sentence.count ?? 0 < 300)
    }

    @Test("A zone without a schedule is not a failure")
    func noSchedule() async throws {
        let calls = Calls([.answer(400, #"[{"code":"ScheduleNotFound","message":"Schedule not found."}]"#)])
        #expect(try await calls.client.schedule(of: ZoneID("7")) == nil)
    }

    @Test(
        "A change is a PUT in the vendor's words",
        arguments: [
            (.followSchedule, #"{"setpointMode":"FollowSchedule"}"#),
            (.hold(21.5, until: nil), #"{"heatSetpointValue":21.5,"setpointMode":"PermanentOverride"}"#),
            (
                .hold(18, until: Instant("2026-11-24T18:00:00Z")),
                #"{"heatSetpointValue":18,"setpointMode":"TemporaryOverride","timeUntil":"2026-11-24T18:00:00Z"}"#
            ),
        ] as [(ZoneOverride, String)]
    )
    func change(override: ZoneOverride, body: String) async throws {
        let calls = Calls([.answer(201, #"{"id":"840367013"}"#)])
        #expect(try await calls.client.make(.zone("7", override)) == "840367013")
        let exchange = try #require(calls.transport.exchanges.first)
        #expect(exchange.request.method == .put)
        #expect(exchange.request.path == "/WebAPI/emea/api/v1/temperatureZone/7/heatSetpoint")
        #expect(sorted(exchange.body) == sorted(body))
    }

    @Test(
        "A task's id may be wrapped, or missing",
        arguments: [
            (#"[{"id":"5"}]"#, "5"), (#"{"id":5}"#, "5"), ("[]", nil), ("{}", nil), ("", nil), (#"[{"id":"84"#, nil),
            ("\"done\"", nil),
        ]
    )
    func taskID(body: String, id: String?) async throws {
        let calls = Calls([.answer(201, body)])
        #expect(try await calls.client.make(.zone("7", .followSchedule))?.text == id)
        #expect(calls.log.count == 1)
    }

    @Test("A web page in place of the cloud's answer is no success")
    func webPage() async throws {
        let calls = Calls([.answer(200, " <!DOCTYPE html><title>Log in</title>")])
        let failure = await #expect(throws: CloudFailure.self) {
            try await calls.client.make(.zone("7", .followSchedule))
        }
        #expect(failure?.kind == .unreachable)
    }

    @Test(
        "A task's state passes through, and an unknown task has none",
        arguments: [
            (.answer(200, #"{"commtaskId":"5","state":"Succeeded"}"#), "succeeded"),
            (.answer(200, #"[{"commtaskId":"5","state":"Running"}]"#), "running"),
            (.answer(200, #"{"state":"PostponedTwice"}"#), "postponed_twice"),
            (.answer(404, #"[{"code":"CommTaskNotFound"}]"#), nil),
        ] as [(Result<HTTPAnswer, TransportFailure>, String?)]
    )
    func taskState(answer: Result<HTTPAnswer, TransportFailure>, state: String?) async throws {
        #expect(try await Calls([answer]).client.state(of: "5")?.rawValue == state)
    }

    /// The members of a small object, since their order does not matter.
    private func sorted(_ object: String) -> [Substring] {
        object.dropFirst().dropLast().split(separator: ",").sorted()
    }
}
