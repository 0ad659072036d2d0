public import Foundation
import Subprocess
import Synchronization
import SystemPackage
import Testing

/// A real `mosquitto` on a port of loopback that can be killed, frozen and started again.
public final class Broker: Sendable {
    public let port: Int
    /// A folder for the broker's files, removed at the end.
    public let directory: URL

    private struct Running {
        let processIdentifier: pid_t
        let exit: Task<Void, Never>
    }

    private let configurationFile: URL
    private let running = Mutex<Running?>(nil)

    fileprivate init(port: Int, directory: URL, configuration: String) throws {
        self.port = port
        self.directory = directory
        configurationFile = directory.appending(path: "mosquitto.conf")
        // Started by root it would otherwise change to a user that may not read the folder.
        let user = geteuid() == 0 ? "user root\n" : ""
        try Data("\(user)listener \(port) 127.0.0.1\n\(configuration)\n".utf8).write(to: configurationFile)
    }

    /// Starts the process and waits until it takes connections.
    public func start() async throws {
        // swift-subprocess, since Foundation's Process inherits a blocked SIGTERM from the thread it is called on.
        let (started, continuation) = AsyncStream.makeStream(of: pid_t.self)
        let exit = Task { [configurationFile] in
            _ = try? await Subprocess.run(
                .name("mosquitto"),
                arguments: ["-c", configurationFile.path()],
                input: .none,
                output: .discarded,
                error: .discarded
            ) { execution in
                continuation.yield(execution.processIdentifier.value)
            }
            continuation.finish()
        }
        for await processIdentifier in started {
            running.withLock { $0 = Running(processIdentifier: processIdentifier, exit: exit) }
            try await eventually("mosquitto takes connections") { (try? TCPSocket.connected(to: port)) != nil }
            return
        }
        throw TCPSocket.Failure(description: "mosquitto could not be started: is it installed?")
    }

    /// Ends the process without a chance to say anything, and waits until it is gone.
    public func kill() async { await end(with: SIGKILL) }

    /// Ends the process in an orderly way, and waits until it is gone.
    public func stop() async { await end(with: SIGTERM) }

    /// Lets the process hang, with its connections open, until ``resume()``.
    public func freeze() { signal(SIGSTOP) }

    public func resume() { signal(SIGCONT) }

    private func signal(_ signal: Int32) {
        running.withLock { if let running = $0 { _ = Glibc.kill(running.processIdentifier, signal) } }
    }

    private func end(with signal: Int32) async {
        let ended = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let ended else { return }
        _ = Glibc.kill(ended.processIdentifier, signal)
        _ = Glibc.kill(ended.processIdentifier, SIGCONT)
        await ended.exit.value
    }
}

/// Runs a broker on a free port for as long as `body` runs.
///
/// - Parameters:
///   - configuration: Lines of `mosquitto.conf` after the listener's; gets the folder for files that they name.
///   - body: Gets the broker, which takes connections already.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or why the broker could not be started.
public func withBroker<Result: Sendable>(
    configuration: (URL) async throws -> String = { _ in "allow_anonymous true" },
    _ body: (Broker) async throws -> Result
) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "broker-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let broker = try Broker(port: freePort(), directory: directory, configuration: await configuration(directory))
    do {
        try await broker.start()
        let result = try await body(broker)
        await broker.stop()
        return result
    } catch {
        await broker.kill()
        throw error
    }
}

/// Runs a program to its end and fails when it fails.
public func runTool(_ name: String, _ arguments: [String], in directory: URL) async throws {
    let result = try await Subprocess.run(
        .name(name),
        arguments: Arguments(arguments),
        workingDirectory: FilePath(directory.path()),
        output: .discarded,
        error: .string(limit: 65_536)
    )
    guard result.terminationStatus.isSuccess else {
        throw TCPSocket.Failure(description: "\(name) failed: \(result.standardError)")
    }
}
