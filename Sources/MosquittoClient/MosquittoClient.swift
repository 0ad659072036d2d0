import Basics
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// An MQTT client on libmosquitto that stays connected as long as ``run()`` runs, whatever happens to the broker.
///
/// It stores nothing: without a connection a message fails at once, and after a loss nothing is repeated. A caller that
/// publishes state publishes it again on ``MQTTEvent/connected(_:)``. Commands that arrive meanwhile are the broker's to
/// keep (``MQTTConfiguration/sessionExpiry``). A message is acknowledged after the ``MessageKeeper`` has
/// kept it; without one, a crash before it is read loses it.
public final class MosquittoClient: Service, Sendable {
    /// What happens, for one reader. Up to 1024 messages, 8 MiB in total, wait for it; further ones are dropped, counted
    /// and logged. Ends when the client has ended.
    public let events: AsyncStream<MQTTEvent>

    /// Shows whether the client's thread is running.
    public let pulse = LoopPulse("MQTT")

    private let configuration: MQTTConfiguration
    private let logger: Logger
    private let backoff: Backoff
    private let shared: SharedState
    private let hasRun = Atomic(false)

    /// - Throws: ``MQTTError/invalidConfiguration(_:)`` for a value out of range or a file that cannot be read.
    public convenience init(configuration: MQTTConfiguration, logger: Logger) throws(MQTTError) {
        try self.init(
            configuration: configuration,
            logger: logger,
            backoff: Backoff(base: .milliseconds(500), cap: .seconds(5), floor: .zero)
        )
    }

    init(configuration: MQTTConfiguration, logger: Logger, backoff: Backoff) throws(MQTTError) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        self.backoff = backoff
        self.shared = try SharedState()
        self.events = shared.events.stream
    }

    /// What has happened since the start.
    public var counters: MQTTCounters { shared.counters }

    /// Whether there is a connection now.
    public var isConnected: Bool { shared.withQueue { $0.isOnline } }

    /// How many messages wait for the broker's answer now.
    public var waitingPublishes: Int { shared.withQueue { $0.count } }

    /// Connects, and connects again after every loss, until graceful shutdown or cancellation.
    ///
    /// Then it publishes the last will as a farewell, waits up to 1 s for its acknowledgement and disconnects. It
    /// returns within 2 s, whatever the broker, the network or a name server does.
    ///
    /// - Throws: ``MQTTError/alreadyRun`` the second time, ``MQTTError/unexpected(_:)`` when the system has no thread.
    public func run() async throws {
        guard !hasRun.exchange(true, ordering: .acquiringAndReleasing) else { throw MQTTError.alreadyRun }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await runLoop()
        } onCancelOrGracefulShutdown: {
            // Runs under one of service-lifecycle's locks.
            self.shared.requestStop()
        }
    }

    private func runLoop() async throws(MQTTError) {
        let result: Result<Void, MQTTError> = await withCheckedContinuation { continuation in
            do throws(ConnectionFailure) {
                try DetachedThread.start { [configuration, shared, logger, backoff, pulse] in
                    let report = ConnectionReport(logger, broker: "\(configuration.host):\(configuration.port)")
                    NetworkLoop(configuration, shared: shared, report: report, backoff: backoff, pulse: pulse).run()
                    continuation.resume(returning: .success(()))
                }
            } catch {
                continuation.resume(returning: .failure(.unexpected(error.description)))
            }
        }
        try result.get()
    }

    /// Subscribes to further filters, over this connection and each later one, in the same way as to those of the
    /// configuration. They take the place of those that were named here before, which stay subscribed over this connection.
    ///
    /// A filter that MQTT does not allow is left out.
    public func subscribe(to filters: [String]) {
        shared.setFurtherFilters(filters.filter { (try? TopicFilter.validate($0)) != nil })
    }

    /// Publishes messages in their order, without waiting for the acknowledgement of one before sending the next.
    ///
    /// - Returns: What became of each, in the same order. Cancelling the task ends the wait, and what has not been sent
    ///   is never sent; other callers are not affected.
    public func publish(contentsOf messages: [MQTTMessage]) async -> [MQTTDelivery] {
        await shared.deliver(messages)
    }
}
