import Foundation
import TCCSimulator

extension World {
    /// Runs a command of the program on this world's account to its end.
    func command(_ arguments: [String], password: String? = nil) async throws -> BridgeProcess.Ending {
        try await BridgeProcess.run(
            arguments + [
                "--cloud-url", try await cloud.url, "--state-file", stateFile.path(),
                "--account-username", "user@example.com",
            ],
            environment: password.map { ["EVOHOME_ACCOUNT_PASSWORD": $0] } ?? [:]
        )
    }

    /// - Returns: `nil` while the state file is not there, or knows of no account.
    /// - Throws: When the file is not whole.
    func savedTokens() throws -> SavedTokens? {
        guard FileManager.default.fileExists(atPath: stateFile.path()) else { return nil }
        return try SavedTokens(stateFile: Data(contentsOf: stateFile))
    }

    /// What the state file knows of the bridge; `nil` while it knows nothing.
    func savedBridge() throws -> [String: Any]? {
        guard FileManager.default.fileExists(atPath: stateFile.path()) else { return nil }
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: stateFile)) as? [String: Any]
        return (document?["bridges"] as? [String: Any])?["evohome"] as? [String: Any]
    }

    /// Refreshes that the cloud refused.
    func refusedRefreshes() -> Int {
        cloud.requests(.init(grantType: "refresh_token")).count { $0.status == 400 }
    }
}
