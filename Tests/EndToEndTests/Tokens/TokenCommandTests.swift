import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Commands that log in, lend and move tokens", .timeLimit(.minutes(2)))
struct TokenCommandTests {
    @Test("A login says what it found, and a refused one costs a single attempt")
    func login() async throws {
        try await World.exists { world in
            let refused = try await world.command(["login"], password: "wrong")
            #expect(refused.exitCode == 77)
            #expect(try await world.command(["login"], password: "wrong").exitCode == 77)
            #expect(world.logins() == 1)
            let ending = try await world.command(["login"], password: "password")
            #expect(ending.exitCode == 0)
            #expect(ending.output.contains("Kitchen"))
            #expect(world.logins() == 2)
        }
    }

    @Test("An outage and a rate limit read differently from a refusal")
    func unreachable() async throws {
        try await World.exists { world in
            world.cloud.inject(Fault(.respond(.html(503)), for: .tokens, times: 1))
            let ending = try await world.command(["login"], password: "password")
            #expect(ending.exitCode == 69)
        }
        try await World.exists { world in
            world.cloud.inject(Fault(.respond(.tooManyRequests(retryAfter: 60)), for: .tokens, times: 1))
            let ending = try await world.command(["login"], password: "password")
            #expect(ending.exitCode == 75)
        }
    }

    @Test("A lent token comes in every form, and never with the refresh token")
    func lending() async throws {
        try await World.exists { world in
            _ = try await world.command(["login"], password: "password")
            let refresh = try #require(try world.savedTokens()?.refresh)
            for format in ["json", "env", "evohomeclient2", "evohome-async"] {
                let lent = try await world.command(["tokens", "lend", "--format", format])
                #expect(lent.exitCode == 0)
                #expect(!lent.output.isEmpty && !lent.output.contains(refresh), "\(format)")
            }
            #expect(world.refreshes() == 0)
            let longer = try await world.command(["tokens", "lend", "--valid-for", "29m59s"])
            #expect(longer.exitCode == 65)
        }
    }

    @Test("Tokens of every known program are taken over, and read without a login")
    func moving() async throws {
        try await World.exists { world in
            _ = try await world.command(["login"], password: "password")
            for wrap in Self.foreignForms {
                let exported = try await world.command(["tokens", "export"])
                let tokens = try #require(
                    try JSONSerialization.jsonObject(with: Data(exported.output.utf8)) as? [String: String]
                )
                #expect(try await world.command(["tokens", "lend"]).exitCode == 77)
                let file = world.directory.appending(path: "foreign.json")
                try wrap(tokens["access_token"] ?? "", tokens["expires"] ?? "", tokens["refresh_token"] ?? "")
                    .write(to: file, atomically: true, encoding: .utf8)
                #expect(try await world.command(["tokens", "import", file.path()]).exitCode == 0)
                #expect(try await world.command(["tokens", "lend"]).exitCode == 0)
            }
            #expect(world.logins() == 1)
        }
    }

    @Test("Tokens are moved to Home Assistant's storage and back, and are not lent to it")
    func homeAssistant() async throws {
        try await World.exists { world in
            _ = try await world.command(["login"], password: "password")
            #expect(try await world.command(["tokens", "lend", "--format", "home-assistant"]).exitCode == 64)
            let refresh = try #require(try world.savedTokens()?.refresh)
            let exported = try await world.command(["tokens", "export", "--format", "home-assistant"])
            let storage = try JSONSerialization.jsonObject(with: Data(exported.output.utf8)) as? [String: Any]
            #expect(storage?["key"] as? String == "evohome" && storage?["version"] as? Int == 1)
            let data = storage?["data"] as? [String: String]
            #expect(data?["username"] == "user@example.com" && data?["refresh_token"] == refresh)
            #expect(data?["access_token_expires"]?.hasSuffix("+00:00") == true)
            let file = world.directory.appending(path: "evohome")
            try exported.output.write(to: file, atomically: true, encoding: .utf8)
            #expect(try await world.command(["tokens", "import", file.path()]).exitCode == 0)
            #expect(try await world.command(["tokens", "lend"]).exitCode == 0)
            #expect(world.logins() == 1)
        }
    }

    @Test("A file that holds no tokens is refused, and nothing is overwritten", arguments: ["", "{", "{}", "[1]", "7"])
    func damaged(text: String) async throws {
        try await World.exists { world in
            _ = try await world.command(["login"], password: "password")
            let before = try String(contentsOf: world.stateFile, encoding: .utf8)
            let file = world.directory.appending(path: "foreign.json")
            try text.write(to: file, atomically: true, encoding: .utf8)
            #expect(try await world.command(["tokens", "import", file.path()]).exitCode == 65)
            #expect(try await world.command(["tokens", "import", "/nonexistent"]).exitCode == 66)
            #expect(try String(contentsOf: world.stateFile, encoding: .utf8) == before)
        }
    }

    private static let foreignForms: [@Sendable (String, String, String) -> String] = [
        { #"{"access_token":"\#($0)","access_token_expires":"\#($1)","refresh_token":"\#($2)"}"# },
        {
            let entry = #"{"access_token":"\#($0)","access_token_expires":"\#($1)","refresh_token":"\#($2)"}"#
            return #"{"user@example.com":\#(entry)}"#
        },
        {
            let entry = #"{"access_token":"\#($0)","access_token_expires":"\#($1)","refresh_token":"\#($2)"}"#
            return #"{"user@example.com":{"access_token":\#(entry)}}"#
        },
        {
            let entry = #""access_token":"\#($0)","access_token_expires":"\#($1)","refresh_token":"\#($2)""#
            return #"{"version":1,"key":"evohome","data":{"username":"user@example.com",\#(entry)}}"#
        },
    ]
}
