import NIOCore
import NIOPosix
import SystemPackage

/// Asks the bridge that runs on a state file how it does, over its ``HealthSocket``.
struct HealthQuestion {
    /// A bridge that hangs does not answer at all; one on a busy machine may take a moment.
    private static let patience = TimeAmount.seconds(2)

    let path: FilePath

    /// - Throws: ``Failure`` when there is no bridge, or it does not answer.
    func ask() async throws(Failure) -> HealthAnswer {
        let text: String
        do {
            text = try await exchange()
        } catch {
            throw Failure(.unhealthy, "No bridge answers at \(path): is it running, with the same state.file?")
        }
        guard let answer = HealthAnswer(text: text) else {
            throw Failure(.unhealthy, "The bridge hangs: it takes connections at \(path) and does not answer.")
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
