import Foundation
import Subprocess
import SystemPackage

/// Prometheus' own checker, where it is installed.
enum Promtool {
    private static let executable = "/usr/bin/promtool"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: executable) }

    /// - Returns: What it finds to say of what a bridge serves; nothing where it is not installed.
    static func complaints(of metrics: String) async throws -> String {
        guard isInstalled else { return "" }
        let result = try await Subprocess.run(
            .path(FilePath(executable)),
            arguments: ["check", "metrics"],
            input: .string(metrics),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return result.standardOutput + result.standardError
    }

    /// - Returns: What it says of rules whose tests do not pass; nothing when they do.
    static func failures(of tests: URL) async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath(executable)),
            arguments: ["test", "rules", tests.path()],
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        return result.terminationStatus.isSuccess ? "" : result.standardOutput + result.standardError
    }
}
