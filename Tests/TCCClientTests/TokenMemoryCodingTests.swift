import Basics
import Foundation
import HeatingModel
import Observability
import Testing

@testable import TCCClient

@Suite("Tokens in the state file")
struct TokenMemoryCodingTests {
    private let now = TokenCase.now

    private func decode(_ json: String) throws -> TokenMemory {
        try JSONDecoder().decode(TokenMemory.self, from: Data(json.utf8))
    }

    @Test("What is written is read back, for every memory of the table")
    func roundTrip() throws {
        try TokenCase.forEach { row in
            guard row.event == .callerAsks else { return }
            let memory = row.memory
            let read = try JSONDecoder().decode(TokenMemory.self, from: JSONEncoder().encode(memory))
            try #require(read == memory, "\(row)")
        }
    }

    @Test(
        "A damaged part costs no other",
        arguments: [
            #""pause":{"reason":"weather","began":"x"}"#, #""pause":7"#, #""pause":{"over":"9999-12-31T23:59:59Z"}"#,
            #""logins":"many""#, #""logins":{"salt":-1,"logins":[1,"x"]}"#, #""logins":{"refused":{},"pending":[]}"#,
            #""access":{"value":"a","expires":-5}"#, #""access":{"value":"a","expires":"10000-01-01T00:00:00Z"}"#,
            #""access":{"value":"","expires":"2026-11-24T18:00:00Z"}"#, #""access":"hello""#, #""access":null"#,
            #""future":{"of":"a newer version"}"#,
        ]
    )
    func damage(part: String) throws {
        let memory = try decode(#"{"refresh":{"value":"r","refusals":"damaged"},\#(part)}"#)
        #expect(memory.refresh == RefreshToken(value: Secret("r")))
        #expect(memory.access == nil)
        #expect(memory.decision(at: now, with: nil) == .attempt(.refresh(RefreshToken(value: Secret("r")))))
    }

    @Test("Only an object is a memory", arguments: ["[]", "7", "\"hello\"", "{"])
    func noObject(json: String) {
        #expect(throws: (any Error).self) { try decode(json) }
    }

    @Test("Hostile numbers neither crash nor hold for ever", arguments: [Int.max, Int.min, 0, -1, 1001])
    func hostile(number: Int) throws {
        var randomness = SystemRandomNumberGenerator()
        let json = """
            {"refresh":{"value":"r","refusals":{"count":\(number),"last":"9999-12-31T23:59:59Z"}},
             "access":{"value":"a","expires":"0001-01-01T00:00:00Z","obtained":"9999-12-31T23:59:59Z"},
             "pause":{"reason":"rateLimited","began":"2026-11-01T00:00:00Z","over":"9999-12-31T23:59:59Z",
                      "failures":\(number)},
             "logins":{"salt":7,"logins":["9999-12-31T23:59:59Z","2026-01-01T00:00:00Z"],
                       "refused":[{"mark":1,"refusals":{"count":\(number),"last":"9999-12-31T23:59:59Z"}},{"mark":-1}]}}
            """
        var memory = try decode(json)
        memory.tidy(at: now)
        #expect(memory.logins.logins.allSatisfy { $0 <= now })
        if case .wait(let until, _) = memory.decision(at: now, with: nil) { #expect(until <= now + .seconds(86_400)) }
        let attempt = TokenAttempt.refresh(try #require(memory.refresh))
        memory.record(.refused, to: attempt, at: now, using: &randomness)
        memory.record(.rateLimited(retryAfter: nil), to: attempt, at: now, using: &randomness)
        memory.record(.notSent("x"), to: attempt, at: now, using: &randomness)
        #expect(memory.refresh?.value == Secret("r"))
    }
}
