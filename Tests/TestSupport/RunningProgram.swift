public import Foundation
public import Subprocess
import Synchronization
import SystemPackage

/// A program that runs beside a benchmark or a campaign.
public final class RunningProgram: Sendable {
    public let processIdentifier: pid_t
    private let ending: Task<TerminationStatus, any Error>
    private let hasEndedFlag = Atomic(false)

    private init(processIdentifier: pid_t, ending: Task<TerminationStatus, any Error>) {
        self.processIdentifier = processIdentifier
        self.ending = ending
        Task { [self] in
            _ = await ending.result
            hasEndedFlag.store(true, ordering: .releasing)
        }
    }

    /// - Parameters:
    ///   - executable: A path, or a name on `PATH`.
    ///   - arguments: Without the program's name.
    ///   - environment: What the program sees; the caller's own unless told otherwise.
    ///   - log: A file that standard output and standard error are appended to; `nil` to discard them.
    public static func start(
        _ executable: Executable,
        _ arguments: [String],
        environment: Environment = .inherit,
        log: URL? = nil
    ) async throws -> RunningProgram {
        let output = try FileDescriptor.open(
            FilePath(log?.path() ?? "/dev/null"),
            .writeOnly,
            options: [.append, .create],
            permissions: .ownerReadWrite
        )
        let (started, continuation) = AsyncStream.makeStream(of: pid_t.self)
        let ending = Task {
            defer {
                continuation.finish()
                try? output.close()
            }
            return try await Subprocess.run(
                executable,
                arguments: Arguments(arguments),
                environment: environment,
                input: .none,
                output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                error: .fileDescriptor(output, closeAfterSpawningProcess: false)
            ) { execution in
                continuation.yield(execution.processIdentifier.value)
            }.terminationStatus
        }
        for await processIdentifier in started {
            return RunningProgram(processIdentifier: processIdentifier, ending: ending)
        }
        _ = try await ending.value
        throw CancellationError()
    }

    public var hasEnded: Bool { hasEndedFlag.load(ordering: .acquiring) }

    /// - Returns: The signal's effect is not waited for.
    public func send(_ signal: Int32) { _ = kill(processIdentifier, signal) }

    /// Asks it to stop and waits for its end.
    ///
    /// - Returns: How long that took.
    @discardableResult
    public func stop() async throws -> Duration { try await end(with: SIGTERM) }

    /// Sends a signal that ends it, and waits for its end.
    ///
    /// - Returns: How long that took.
    @discardableResult
    public func end(with signal: Int32) async throws -> Duration {
        let began = ContinuousClock.now
        send(signal)
        _ = try await ending.value
        return ContinuousClock.now - began
    }

    /// Processor time of all its threads.
    public func processorTime() throws -> Duration {
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processIdentifier)/task")
        let nanoseconds = threads.compactMap { thread in
            let path = "/proc/\(processIdentifier)/task/\(thread)/schedstat"
            return (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: " ").first.flatMap {
                Int64($0)
            }
        }
        return .nanoseconds(nanoseconds.reduce(0, +))
    }

    /// A line of its memory's summary, in MiB.
    public func memory(_ line: String) throws -> Double {
        let rollup = try String(contentsOfFile: "/proc/\(processIdentifier)/smaps_rollup", encoding: .utf8)
        let kibibytes = rollup.split(separator: "\n").first { $0.hasPrefix(line) }?
            .split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return (kibibytes ?? 0) / 1024
    }

    /// How many files and sockets it has open.
    public func openFiles() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processIdentifier)/fd").count
    }
}
