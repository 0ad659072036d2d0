import Logging
import Synchronization

/// What is logged about the connection: one line when it is lost, one when it is back, everything between at debug.
///
/// What the broker cannot do or refuses is gathered for a moment, and logged in one line that says what is missing.
final class ConnectionReport: Sendable {
    private let logger: Logger
    private let missing = Mutex(MissingService())

    /// - Parameter broker: Host and port, which every line carries.
    init(_ logger: Logger, broker: String) {
        var logger = logger
        logger[metadataKey: "broker"] = "\(broker)"
        self.logger = logger
    }

    func connecting(_ version: MQTTProtocolVersion) {
        logger.debug("Connecting to the MQTT broker", metadata: ["version": "\(version)"])
    }

    func connected(_ connection: MQTTConnection, outage: Duration?) {
        var metadata: Logger.Metadata = ["version": "\(connection.version)"]
        if connection.sessionPresent { metadata["session"] = "resumed" }
        if let outage { metadata["after"] = "\(Self.seconds(outage))" }
        logger.info("Connected to the MQTT broker", metadata: metadata)
    }

    func failed(_ failure: ConnectionFailure, _ retry: ConnectionStateMachine.Retry) {
        let metadata: Logger.Metadata = ["reason": "\(failure)", "retry_in": "\(Self.seconds(retry.delay))"]
        if retry.beginsOutage {
            logger.warning("No connection to the MQTT broker, trying until there is one", metadata: metadata)
        } else {
            logger.debug("Still no connection to the MQTT broker", metadata: metadata)
        }
        if let version = retry.fallsBackTo {
            logger.info("Trying another version of MQTT", metadata: ["version": "\(version)"])
        }
        if retry.suspectsRival {
            logger.warning(
                "The MQTT connection was lost three times within 10 s: another client may be using the same client id"
            )
        }
    }

    /// - Parameter shortcomings: What the broker of this connection cannot do.
    func lacks(_ shortcomings: [String], at now: ContinuousClock.Instant) {
        missing.withLock { for shortcoming in shortcomings { $0.add(.lack(shortcoming), at: now) } }
    }

    /// - Returns: Whether the broker refuses this for this reason for the first time.
    @discardableResult
    func refused(
        _ operation: MissingService.Operation,
        _ topic: String,
        _ reason: MQTTReasonCode,
        at now: ContinuousClock.Instant
    ) -> Bool {
        missing.withLock { $0.add(.refusal(operation, topic, reason), at: now) }
    }

    /// Whether something is missing that was not logged yet.
    var isGathering: Bool { missing.withLock(\.hasNews) }

    /// Logs what is missing once nothing has been added for a moment.
    func tick(at now: ContinuousClock.Instant) {
        log(missing.withLock { $0.takeSettled(at: now) })
    }

    /// Logs what is missing so far.
    func flush() { log(missing.withLock { $0.take() }) }

    private func log(_ new: [MissingService.Item]) {
        guard !new.isEmpty else { return }
        var metadata: Logger.Metadata = [:]
        for (key, text) in MissingService.description(of: new) { metadata[key] = "\(text)" }
        logger.warning("The MQTT broker lacks some of what the bridge uses", metadata: metadata)
    }

    func droppedMessage(_ total: Int) {
        guard Self.isWorthALine(total) else { return }
        logger.warning("Messages are dropped: they arrive faster than they are handled", metadata: Self.count(total))
    }

    func unreadableTopic(_ total: Int) {
        guard Self.isWorthALine(total) else { return }
        logger.warning("Messages are dropped: their topics are unreadable", metadata: Self.count(total))
    }

    /// The first, second, fourth, eighth and so on: a flood gets few lines, each with the total.
    private static func isWorthALine(_ total: Int) -> Bool { total & (total - 1) == 0 }

    private static func count(_ total: Int) -> Logger.Metadata { ["total": "\(total)"] }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
