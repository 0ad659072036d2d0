import Basics
public import Logging
public import Observability
public import ServiceLifecycle
import Synchronization

/// An MQTT client on libmosquitto that stays connected for as long as ``run()`` runs, whatever happens to the broker.
///
/// It keeps nothing for later: without a connection a message fails at once, and after a loss nothing is repeated.
/// Whoever publishes state publishes it again on ``MQTTEvent/connected(_:)``. Commands that arrive meanwhile are the
/// broker's to keep (``MQTTConfiguration/sessionExpiry``). A message that has arrived is acknowledged before it can be
/// read here, which libmosquitto leaves no choice about: a crash in between loses it.
public final class MosquittoClient: Service, Sendable {
    /// What happens, for one reader. Up to 1024 messages wait for it, of 8 MiB together; those that arrive then are
    /// dropped, counted and logged. Ends when the client has.
    public let events: AsyncStream<MQTTEvent>

    /// Tells whether the client's thread turns.
    public let pulse = LoopPulse("MQTT")

    private let configuration: MQTTConfiguration
    private let logger: Logger
    private let backoff: Backoff
    private let mailbox: Mailbox
    private let hasRun = Atomic(false)

    /// - Throws: ``MQTTError/invalidConfiguration(_:)`` for a value out of range or a file that cannot be read.
    public convenience init(configuration: MQTTConfiguration, logger: Logger) throws(MQTTError) {
        try self.init(configuration: configuration, logger: logger, backoff: .standard)
    }

    init(configuration: MQTTConfiguration, logger: Logger, backoff: Backoff) throws(MQTTError) {
        try configuration.validate()
        self.configuration = configuration
        self.logger = logger
        self.backoff = backoff
        self.mailbox = try Mailbox()
        self.events = mailbox.events.stream
    }

    /// What has happened since the start.
    public var counters: MQTTCounters { mailbox.counters }

    /// Whether there is a connection, and how many messages wait for the broker's answer.
    var queue: (isOnline: Bool, count: Int) { mailbox.withQueue { ($0.isOnline, $0.count) } }

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
            // Runs under a lock of service-lifecycle's.
            self.mailbox.requestStop()
        }
    }

    private func runLoop() async throws(MQTTError) {
        let result: Result<Void, MQTTError> = await withCheckedContinuation { continuation in
            do throws(ConnectionFailure) {
                try DetachedThread.start { [configuration, mailbox, logger, backoff, pulse] in
                    let report = ConnectionReport(logger, broker: "\(configuration.host):\(configuration.port)")
                    NetworkLoop(configuration, mailbox: mailbox, report: report, backoff: backoff, pulse: pulse).run()
                    continuation.resume(returning: .success(()))
                }
            } catch {
                continuation.resume(returning: .failure(.unexpected(error.description)))
            }
        }
        try result.get()
    }

    /// Publishes a message and waits for the broker's acknowledgement.
    ///
    /// - Throws: ``MQTTError/notConnected`` at once without a connection, ``MQTTError/connectionLost`` when it ends
    ///   first, ``MQTTError/refused(_:)`` when the broker refuses, ``MQTTError/invalidMessage(_:)``,
    ///   ``MQTTError/cancelled`` and ``MQTTError/closed``.
    public func publish(_ message: MQTTMessage) async throws(MQTTError) {
        if let error = await publish(contentsOf: [message]).first?.error { throw error }
    }

    /// Publishes many messages in their order, the next ones while the first are still to be acknowledged.
    ///
    /// - Returns: What became of each, in the same order. Cancelling the task ends the waiting, and what has not been
    ///   sent never will be; other callers are not touched.
    public func publish(contentsOf messages: [MQTTMessage]) async -> [MQTTDelivery] {
        await mailbox.deliver(messages)
    }
}
