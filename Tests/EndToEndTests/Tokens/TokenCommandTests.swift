import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Commands that log in, lend and move tokens", .timeLimit(.minutes(2)))
struct TokenCommandTests {
    @Test("A login says what it found, and a refused one costs a single attempt")
    func login() async throws {
        try await World.exists { world in
            let refused = try await command(["login"], in: world, password: "wrong")
            #expect(refused.exitCode == 77)
            #expect(try await command(["login"], in: world, password: "wrong").exitCode == 77)
            #expect(world.logins() == 1)
            let ending = try await command(["login"], in: world, password: "password")
            #expect(ending.exitCode == 0)
            #expect(ending.output.contains("Kitchen"))
            #expect(world.logins() == 2)
        }
    }

    @Test("An outage and a rate limit read differently from a refusal")
    func unreachable() async throws {
        try await World.exists { world in
            world.cloud.inject(Fault(.respond(.html(503)), for: .tokens, times: 1))
            let ending = try await command(["login"], in: world, password: "password")
            #expect(ending.exitCode == 69)
        }
        try await World.exists { world in
            world.cloud.inject(Fault(.respond(.tooManyRequests(retryAfter: 60)), for: .tokens, times: 1))
            let ending = try await command(["login"], in: world, password: "password")
            #expect(ending.exitCode == 75)
        }
    }

    @Test("A lent token comes in every form, and never with the refresh token")
    func lending() async throws {
        try await World.exists { world in
            _ = try await command(["login"], in: world, password: "password")
            let refresh = try refreshToken(in: world)
            for format in ["json", "env", "evohomeclient2", "evohome-async"] {
                let lent = try await command(["tokens", "lend", "--format", format], in: world)
                #expect(lent.exitCode == 0)
                #expect(!lent.output.isEmpty && !lent.output.contains(refresh), "\(format)")
            }
            #expect(world.refreshes() == 0)
            let longer = try await command(["tokens", "lend", "--valid-for", "29m59s"], in: world)
            #expect(longer.exitCode == 65)
        }
    }

    @Test("Tokens of every known program are taken over, and read without a login")
    func moving() async throws {
        try await World.exists { world in
            _ = try await command(["login"], in: world, password: "password")
            for wrap in Self.foreignForms {
                let exported = try await command(["tokens", "export"], in: world)
                let tokens = try #require(
                    try JSONSerialization.jsonObject(with: Data(exported.output.utf8)) as? [String: String]
                )
                #expect(try await command(["tokens", "lend"], in: world).exitCode == 77)
                let file = world.directory.appending(path: "foreign.json")
                try wrap(tokens["access_token"] ?? "", tokens["expires"] ?? "", tokens["refresh_token"] ?? "")
                    .write(to: file, atomically: true, encoding: .utf8)
                #expect(try await command(["tokens", "import", file.path()], in: world).exitCode == 0)
                #expect(try await command(["tokens", "lend"], in: world).exitCode == 0)
            }
            #expect(world.logins() == 1)
        }
    }

    @Test("A file that holds no tokens is refused, and nothing is overwritten", arguments: ["", "{", "{}", "[1]", "7"])
    func damaged(text: String) async throws {
        try await World.exists { world in
            _ = try await command(["login"], in: world, password: "password")
            let before = try String(contentsOf: world.stateFile, encoding: .utf8)
            let file = world.directory.appending(path: "foreign.json")
            try text.write(to: file, atomically: true, encoding: .utf8)
            #expect(try await command(["tokens", "import", file.path()], in: world).exitCode == 65)
            #expect(try await command(["tokens", "import", "/nonexistent"], in: world).exitCode == 66)
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

    private func command(
        _ arguments: [String],
        in world: World,
        password: String? = nil
    ) async throws -> BridgeProcess.Ending {
        try await BridgeProcess.run(
            arguments + [
                "--cloud-url", try await world.cloud.url, "--state-file", world.stateFile.path(),
                "--account-username", "user@example.com",
            ],
            environment: password.map { ["EVOHOME_ACCOUNT_PASSWORD": $0] } ?? [:]
        )
    }

    private func refreshToken(in world: World) throws -> String {
        let state = try JSONSerialization.jsonObject(with: Data(contentsOf: world.stateFile)) as? [String: Any]
        let accounts = state?["accounts"] as? [String: Any]
        let tokens = (accounts?["user@example.com"] as? [String: Any])?["tokens"] as? [String: Any]
        return try #require((tokens?["refresh"] as? [String: Any])?["value"] as? String)
    }
}
