import Foundation
import TestSupport
import Testing

@Suite("State files of other versions", .timeLimit(.minutes(1)))
struct UpgradeTests {
    @Test(
        "One of a newer program is refused with a sentence and left alone",
        arguments: [["run"], ["login"], ["tokens", "lend"], ["tokens", "export"]]
    )
    func newer(command: [String]) async throws {
        let newer = Data(#"{"version":2,"vaults":[]}"#.utf8)
        try await withStateFile(newer) { file in
            let ending = try await BridgeProcess.run(
                command + ["--state-file", file.path(), "--account-username", "user@example.com"],
                environment: ["EVOHOME_ACCOUNT_PASSWORD": "password"]
            )
            #expect(ending.exitCode == 65)
            #expect(ending.log.contains("has version 2 and this program knows up to 1"), "\(ending.log)")
            #expect(try Data(contentsOf: file) == newer)
        }
    }

    @Test("One of the first version keeps its tokens, whatever has become of the form of an installation")
    func first() async throws {
        let first = """
            {"accounts":{"user@example.com":{"installation":{"installation":{"homes":[]},"read":"yesterday"},"tokens":{
            "access":{"expires":"2100-01-01T00:00:00.000Z","obtained":"2026-11-26T14:51:56.811Z","value":"an-access-token"},
            "logins":{"logins":["2026-11-26T14:51:56.811Z"],"refused":[],"salt":16808359652738807107},
            "refresh":{"obtained":"2026-11-26T14:51:56.811Z","value":"a-refresh-token"}}}},
            "bridges":{"evohome":{"clientID":"evohome-mqtt-da973679"}},"version":1}
            """
        try await withStateFile(Data(first.utf8)) { file in
            let ending = try await BridgeProcess.run(["tokens", "export", "--state-file", file.path()])
            #expect(ending.exitCode == 0, "\(ending.log)")
            #expect(ending.output.contains("an-access-token") && ending.output.contains("a-refresh-token"))
            #expect(try String(contentsOf: file, encoding: .utf8).contains("evohome-mqtt-da973679"))
        }
    }

    private func withStateFile(_ content: Data, _ body: (URL) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "upgrade-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "state.json")
        try content.write(to: file)
        try await body(file)
    }
}
