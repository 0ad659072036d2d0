import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// The real program as a process of its own.
final class BridgeProcess: Sendable {
    /// How it ended.
    struct Ending: Sendable {
        /// `nil` when a signal ended it.
        var exitCode: Int32?
        /// What it wrote to standard error.
        var log: String
        /// What it wrote to standard output.
        var output: String
    }

    let processIdentifier: pid_t
    private let running: Task<Ending, any Error>

    private init(processIdentifier: pid_t, running: Task<Ending, any Error>) {
        self.processIdentifier = processIdentifier
        self.running = running
    }

    static func start(arguments: [String], environment: [String: String] = [:]) async throws -> BridgeProcess {
        let executable = try programPath()
        let variables = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"].merging(environment) { $1 }
        let (started, continuation) = AsyncStream.makeStream(of: pid_t.self)
        let running = Task { () -> Ending in
            defer { continuation.finish() }
            let result = try await Subprocess.run(
                .path(executable),
                arguments: Arguments(arguments),
                environment: .custom(
                    Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0), $1) })
                ),
                input: .none,
                output: .string(limit: 1 << 24),
                error: .string(limit: 1 << 24)
            ) { execution in
                continuation.yield(execution.processIdentifier.value)
            }
            let exitCode: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
            return Ending(exitCode: exitCode, log: result.standardError, output: result.standardOutput)
        }
        for await processIdentifier in started {
            return BridgeProcess(processIdentifier: processIdentifier, running: running)
        }
        _ = try await running.value
        throw CancellationError()
    }

    func signal(_ signal: Int32) { _ = Glibc.kill(processIdentifier, signal) }

    /// SIGKILL, and its end.
    @discardableResult
    func kill() async throws -> Ending {
        signal(SIGKILL)
        return try await running.value
    }

    /// SIGTERM, and its end.
    func stop() async throws -> Ending {
        signal(SIGTERM)
        return try await running.value
    }

    /// Its end, whenever that comes.
    func ending() async throws -> Ending { try await running.value }

    /// Runs the program to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Ending {
        try await start(arguments: arguments, environment: environment).ending()
    }

    /// The program is built beside the tests.
    private static func programPath() throws -> FilePath {
        for argument in CommandLine.arguments + [Bundle.main.executablePath ?? ""] {
            let folder = FilePath(argument).removingLastComponent()
            let candidate = folder.appending("evohome-mqtt")
            if FileManager.default.isExecutableFile(atPath: candidate.string) { return candidate }
        }
        throw CocoaError(.fileNoSuchFile)
    }
}
