import Logging
import NIOCore
import NIOPosix
import Observability
import ServiceLifecycle
import SystemPackage

/// Tells everybody who connects to a socket beside the state file how the bridge does.
///
/// A socket answers as things are now, writes nothing to a disk, and stays silent when the process hangs. The file of an
/// earlier run is replaced; the one of this run stays, as the lock's does, and nobody answers on it.
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
                "The health check will not work: its socket cannot be made",
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
                // One that hangs up early is no concern of ours.
                try? await caller.executeThenClose { _, answer in
                    try await answer.write(ByteBuffer(string: HealthAnswer(monitor.health).text))
                }
            }
        }
    }
}
