import Subprocess
import TestSupport

/// A real mosquitto as it comes, on a port that nobody listens on.
struct BrokerProcess: Sendable {
    let port: Int

    static func running<Result: Sendable>(_ body: (BrokerProcess) async throws -> Result) async throws -> Result {
        let port = Int.random(in: 20_000...40_000)
        let program = try await RunningProgram.start(.name("mosquitto"), ["-p", "\(port)"])
        do {
            let result = try await body(BrokerProcess(port: port))
            try await program.stop()
            return result
        } catch {
            _ = try? await program.stop()
            throw error
        }
    }
}
