import Basics
import Foundation
import Subprocess
import SystemPackage

/// A program that runs beside the benchmark.
struct RunningProgram: Sendable {
    let processIdentifier: pid_t
    let ending: Task<Void, any Error>

    static func start(_ executable: Executable, _ arguments: [String]) async throws -> RunningProgram {
        let (started, continuation) = AsyncStream.makeStream(of: pid_t.self)
        let ending = Task {
            defer { continuation.finish() }
            _ = try await Subprocess.run(
                executable,
                arguments: Arguments(arguments),
                input: .none,
                output: .discarded,
                error: .discarded
            ) { execution in
                continuation.yield(execution.processIdentifier.value)
            }
        }
        for await processIdentifier in started {
            return RunningProgram(processIdentifier: processIdentifier, ending: ending)
        }
        try await ending.value
        throw CancellationError()
    }

    /// Asks it to stop and waits for its end.
    ///
    /// - Returns: How long that took.
    func stop() async throws -> Duration {
        let began = ContinuousClock.now
        kill(processIdentifier, SIGTERM)
        try await ending.value
        return ContinuousClock.now - began
    }

    /// Processor time of all its threads.
    func processorTime() throws -> Duration {
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
    func memory(_ line: String) throws -> Double {
        let rollup = try String(contentsOfFile: "/proc/\(processIdentifier)/smaps_rollup", encoding: .utf8)
        let kibibytes = rollup.split(separator: "\n").first { $0.hasPrefix(line) }?
            .split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return (kibibytes ?? 0) / 1024
    }
}

/// A real mosquitto as it comes, on a port that nobody listens on.
struct BrokerProcess: Sendable {
    let port: Int

    static func running<Result: Sendable>(_ body: (BrokerProcess) async throws -> Result) async throws -> Result {
        let port = Int.random(in: 20_000...40_000)
        let program = try await RunningProgram.start(.name("mosquitto"), ["-p", "\(port)"])
        do {
            let result = try await body(BrokerProcess(port: port))
            _ = try await program.stop()
            return result
        } catch {
            _ = try? await program.stop()
            throw error
        }
    }
}
