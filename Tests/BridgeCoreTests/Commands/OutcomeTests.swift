import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("Outcomes")
struct OutcomeTests {
    private let now: Instant
    private let end: Instant

    init() throws {
        now = try moment("2026-11-24T17:30:00.250Z")
        end = try moment("2026-11-24T19:00:00Z")
    }

    private func sender(_ request: String) throws -> Command.Sender {
        let requested = try JSONValue(parsing: request.utf8)
        return Command.Sender(subject: "a", requested: requested)
    }

    @Test("A plain success has neither code nor message")
    func succeeded() throws {
        let outcome = Outcome.succeeded(PlannedCall(.zone("7", .hold(21.5, until: end))))
        let times = CommandTimes(accepted: .milliseconds(1), confirmed: .seconds(4.5))
        #expect(
            outcome.json(for: try sender(#"{"setpoint":21.5,"id":"a1"}"#), times: times, at: now).text
                == #"{"id":"a1","outcome":"succeeded","code":null,"message":null,"#
                + #""requested":{"setpoint":21.5,"id":"a1"},"#
                + #""applied":{"setpoint":21.5,"mode":"temporary_override","until":"2026-11-24T19:00:00Z"},"#
                + #""accepted_ms":1,"confirmed_ms":4500,"at":"2026-11-24T17:30:00.250Z"}"#
        )
    }

    @Test("What cannot be known is null, and a transaction comes back beside the id")
    func rejected() throws {
        let outcome = Outcome.rejected(Refusal(.outOfRange, "Too warm."))
        #expect(
            outcome.json(for: try sender(#"{"setpoint":99,"transaction":7}"#), at: now).text
                == #"{"id":7,"outcome":"rejected","code":"out_of_range","message":"Too warm.","#
                + #""requested":{"setpoint":99,"transaction":7},"applied":null,"#
                + #""accepted_ms":null,"confirmed_ms":null,"at":"2026-11-24T17:30:00.250Z","transaction":7}"#
        )
    }

    @Test("A masked success says so")
    func masked() throws {
        let outcome = Outcome.succeeded(PlannedCall(.zone("7", .hold(21, until: nil)), notes: [.masked(by: .away)]))
        let json = outcome.json(for: try sender("{}"), at: now)
        #expect(json["masked"] == .bool(true))
        #expect(json["code"] == .string("masked"))
        #expect(json["applied"]?.text == #"{"setpoint":21.0,"mode":"permanent_override","until":null}"#)
        #expect(json["id"] == .null)
    }

    private static let noted: [(note: PlannedCall.Note, code: String, words: String)] = [
        (.rounded(from: 21.3, to: 21.5), "rounded", "21.3 °C was rounded to the zone's step, 21.5 °C"),
        (.noSchedule, "no_schedule", "permanent"), (.masked(by: .heatingOff), "masked", "heating_off"),
        (.alreadySo, "already_so", "already"),
    ]

    @Test("Every note has a code and a sentence", arguments: noted)
    func notes(note: PlannedCall.Note, code: String, words: String) {
        let outcome = Outcome.succeeded(PlannedCall(.zone("7", .followSchedule), notes: [note]))
        #expect(outcome.code == code)
        #expect(outcome.message?.contains(words) == true)
        #expect(outcome.kind == .succeeded)
    }

    @Test("Every outcome but a success has a code and a sentence")
    func others() {
        for outcome in [.superseded, .expired("It waited."), .rejected(Refusal(.retained, "It was kept."))] as [Outcome]
        {
            #expect(outcome.code != nil && outcome.message != nil)
            #expect(outcome.kind != .succeeded)
        }
    }
}
