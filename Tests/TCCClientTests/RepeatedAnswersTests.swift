import Basics
import HeatingModel
import TestSupport
import Testing

@testable import TCCClient

@Suite("Answers that come again")
struct RepeatedAnswersTests {
    private typealias Answers = RepeatedAnswers<String, Int>

    private let answers = Answers()

    /// - Returns: The number of decodings so far, which stands for what a body means.
    private func read(
        _ body: String,
        to question: String,
        decodings: inout Int
    ) throws(CloudFailure) -> Answers.Reading {
        try answers.reading(of: Array(body.utf8), to: question) { () throws(CloudFailure) in
            decodings += 1
            if body == "broken" { throw CloudFailure(.unreachable, "This is not JSON.") }
            return Answers.Reading(meaning: decodings, surprises: ["a.b"])
        }
    }

    @Test("The same bytes are decoded once for each question, and mean the same with the same surprises")
    func repeated() throws {
        var decodings = 0
        for (body, question, meaning) in [
            ("x", "1", 1), ("x", "1", 1), ("x", "2", 2), ("x", "1", 1), ("y", "1", 3), ("y", "1", 3), ("x", "1", 4),
            ("", "1", 5), ("", "1", 5),
        ] {
            let reading = try read(body, to: question, decodings: &decodings)
            #expect(reading.meaning == meaning)
            #expect(reading.surprises == ["a.b"])
        }
        answers.forget()
        #expect(try read("x", to: "2", decodings: &decodings).meaning == 6)
    }

    @Test("A body that cannot be decoded fails each time, and leaves what is known")
    func broken() throws {
        var decodings = 0
        #expect(try read("x", to: "1", decodings: &decodings).meaning == 1)
        for _ in 0..<2 { #expect(throws: CloudFailure.self) { try read("broken", to: "1", decodings: &decodings) } }
        #expect(try read("x", to: "1", decodings: &decodings).meaning == 1)
        #expect(decodings == 3)
    }

    @Test("A status that comes again is read by the time zone that the location has now")
    func timeZone() async throws {
        let body = #"""
            {"locationId":"1","gateways":[{"gatewayId":"2","activeFaults":[],"temperatureControlSystems":[{"systemId":"3",
              "activeFaults":[{"faultType":"GatewayCommunicationLost","since":"2026-11-24T18:00:00"}],"zones":[]}]}]}
            """#
        let calls = Calls([.answer(200, body), .answer(200, body)])
        var location = Calls.location
        let first = try await calls.client.status(of: location)
        location.timeZone = LocationTimeZone(offsetMinutes: 60)
        let second = try await calls.client.status(of: location)
        let faults = [first, second].map { $0.systems.first?.faults.first?.since }
        let evening = Instant(millisecondsSince1970: 1_795_543_200_000)
        #expect(faults == [evening, evening - .seconds(3600)])
    }
}
