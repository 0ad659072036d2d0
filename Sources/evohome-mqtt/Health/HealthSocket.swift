import Logging
import NIOCore
import NIOPosix
import Observability
import ServiceLifecycle
import SystemPackage

/// Tells everybody who connects to a socket beside the state file whether the bridge is healthy.
///
/// A socket answers with the present state, writes nothing to a disk, and stays silent if the process hangs. The file of
/// an earlier run is replaced; the file of this run stays, as the lock's does, and nobody answers on it afterwards.
struct HealthSocket: Service {
    let path: FilePath
    let monitor: HealthMonitor
    let logger: Logger

    func run() async throws {
        do {
            try await serve()
        } catch is CancellationError {
            return
        } catch {
            logger.warning(
                "The health check will not work: its socket cannot be created",
                metadata: ["socket": "\(path)", "reason": "\(error)"]
            )
            try? await gracefulShutdown()
        }
    }

    private func serve() async throws {
        let socket = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path.string, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try await socket.executeThenClose { callers in
            for try await caller in callers.cancelOnGracefulShutdown() {
                // A caller that hangs up early is not our concern.
                try? await caller.executeThenClose { _, answer in
                    try await answer.write(ByteBuffer(string: HealthAnswer(monitor.health).text))
                }
            }
        }
    }
}

extension Settings {
    var healthSocket: FilePath { ownFile("socket") }
}

/// Asks the bridge that runs on a state file whether it is healthy, over its ``HealthSocket``.
struct HealthQuestion {
    /// A bridge that hangs never answers; on a busy machine an answer may take a moment.
    private static let patience = TimeAmount.seconds(2)

    let path: FilePath

    /// - Throws: ``Failure`` if there is no bridge, or if it does not answer.
    func ask() async throws(Failure) -> HealthAnswer {
        let text: String
        do {
            text = try await exchange()
        } catch {
            throw Failure(.unhealthy, "No bridge answers at \(path); is it running, with the same state.file?")
        }
        guard let answer = HealthAnswer(text: text) else {
            throw Failure(.unhealthy, "The bridge hangs: it accepts connections at \(path) but does not answer.")
        }
        return answer
    }

    private func exchange() async throws -> String {
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(Self.patience)
            .connect(unixDomainSocketPath: path.string) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let channel = connection.channel
        channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        return try await connection.executeThenClose { answer, _ in
            try await answer.reduce(into: "") { $0 += String(buffer: $1) }
        }
    }
}

/// The answer on the health socket: one line, with a word and then what is wrong.
struct HealthAnswer: Equatable {
    private enum Word: String {
        case healthy
        /// The loops run, but something else is wrong.
        case ailing
        /// A loop hangs.
        case stuck
    }

    private let word: Word
    /// What is wrong, in sentences; empty if the bridge is healthy.
    let complaint: String

    init(_ health: Health) {
        word = health.isHealthy ? .healthy : health.isAlive ? .ailing : .stuck
        complaint = health.problems.joined(separator: " ")
    }

    /// - Returns: `nil` for part of an answer, as from a bridge that was interrupted.
    init?(text: String) {
        let parts = text.dropLast().split(separator: " ", maxSplits: 1)
        guard text.hasSuffix("\n"), let word = parts.first.flatMap({ Word(rawValue: String($0)) }) else { return nil }
        self.word = word
        complaint = parts.count > 1 ? String(parts[1]) : ""
    }

    var isHealthy: Bool { word == .healthy }
    var isAlive: Bool { word != .stuck }

    var text: String { "\(word) \(complaint)\n" }
}
