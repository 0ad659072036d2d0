import Logging
import Synchronization

/// What is logged about the connection: one line when it is lost, one when it is back, everything between at debug.
final class ConnectionReport: Sendable {
    private struct Refusal: Hashable {
        enum Operation { case publish, subscribe }
        let operation: Operation
        let topic: String
        let reason: MQTTReasonCode
    }

    /// Further refusals are not logged: a broker could make up new ones without end.
    private static let refusalLimit = 256

    private let logger: Logger
    private let refusals = Mutex<Set<Refusal>>([])

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

    func publishRefused(_ topic: String, _ reason: MQTTReasonCode) {
        guard isNew(Refusal(operation: .publish, topic: topic, reason: reason)) else { return }
        logger.warning("The broker refused a message", metadata: Self.metadata(topic, reason))
    }

    /// - Returns: Whether the broker refuses this filter for this reason for the first time.
    func subscriptionRefused(_ filter: String, _ reason: MQTTReasonCode) -> Bool {
        guard isNew(Refusal(operation: .subscribe, topic: filter, reason: reason)) else { return false }
        logger.warning("The broker refused a subscription", metadata: Self.metadata(filter, reason))
        return true
    }

    func droppedMessage(_ total: Int) {
        guard Self.isWorthALine(total) else { return }
        logger.warning("Messages are dropped: they arrive faster than they are handled", metadata: Self.count(total))
    }

    func unreadableTopic(_ total: Int) {
        guard Self.isWorthALine(total) else { return }
        logger.warning("Messages are dropped: their topics are unreadable", metadata: Self.count(total))
    }

    private func isNew(_ refusal: Refusal) -> Bool {
        refusals.withLock { $0.count < Self.refusalLimit && $0.insert(refusal).inserted }
    }

    /// The first, second, fourth, eighth and so on: a flood gets few lines, each with the total.
    private static func isWorthALine(_ total: Int) -> Bool { total & (total - 1) == 0 }

    private static func count(_ total: Int) -> Logger.Metadata { ["total": "\(total)"] }

    private static func metadata(_ topic: String, _ reason: MQTTReasonCode) -> Logger.Metadata {
        ["topic": "\(topic)", "reason": "\(reason)", "code": "\(reason.rawValue)"]
    }

    private static func seconds(_ duration: Duration) -> String {
        let tenths = Int((duration / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
