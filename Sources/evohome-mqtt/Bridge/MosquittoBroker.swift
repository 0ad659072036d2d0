import BridgeCore
import BridgeServices
import MosquittoClient
import Synchronization

/// The broker's client as the loops see it.
final class MosquittoBroker: Broker {
    let client: MosquittoClient
    private let qualityOfService: MQTTQualityOfService
    private let connection = Mutex<MQTTConnection?>(nil)

    init(client: MosquittoClient, qualityOfService: MQTTQualityOfService) {
        self.client = client
        self.qualityOfService = qualityOfService
    }

    var events: any AsyncSequence<BrokerEvent, Never> & Sendable {
        client.events.compactMap { self.translate($0) }
    }

    func publish(_ messages: [OutgoingMessage]) async -> [Bool] {
        let deliveries = await client.publish(
            contentsOf: messages.map { message in
                MQTTMessage(
                    topic: message.topic,
                    payload: Array(message.payload.utf8),
                    qualityOfService: qualityOfService,
                    retained: message.isRetained,
                    properties: MQTTProperties(correlationData: message.correlationData)
                )
            }
        )
        return deliveries.map { delivery in
            switch delivery {
            case .acknowledged: true
            // The broker does not want it; saying it again changes nothing, and it was reported.
            case .refused: true
            case .unconfirmed, .notSent: false
            }
        }
    }

    private func translate(_ event: MQTTEvent) -> BrokerEvent? {
        switch event {
        case .connected(let new):
            connection.withLock { $0 = new }
            return nil
        case .subscribed:
            // Not before: until the broker listens for us, nobody should see us online.
            return connection.withLock { $0 }.map { .connected(BrokerConnection($0)) }
        case .disconnected:
            connection.withLock { $0 = nil }
            return .disconnected
        case .message(let message):
            return .command(CommandMessage(message, payload: message.payload))
        case .oversized(let message, let byteCount):
            // The parser refuses it by its length; what it holds does not matter.
            return .command(CommandMessage(message, payload: Array(repeating: 0, count: byteCount)))
        case .subscriptionRefused:
            return nil
        }
    }
}

extension BrokerConnection {
    fileprivate init(_ connection: MQTTConnection) {
        self.init(
            protocolVersion: connection.version.description,
            echoes: connection.version == .version311
        )
    }
}

extension CommandMessage {
    fileprivate init(_ message: MQTTMessage, payload: [UInt8]) {
        self.init(
            topic: message.topic,
            payload: payload,
            isRetained: message.retained,
            responseTopic: message.properties.responseTopic,
            correlationData: message.properties.correlationData
        )
    }
}
