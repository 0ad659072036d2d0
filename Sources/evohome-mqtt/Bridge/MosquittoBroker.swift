import Basics
import BridgeCore
import BridgeServices
import MosquittoClient
import Observability
import Synchronization

/// The broker's client as the loops see it.
final class MosquittoBroker: Broker {
    let client: MosquittoClient
    private let qualityOfService: MQTTQualityOfService
    private let state = Mutex(State())

    private struct State {
        var connection: MQTTConnection?
        /// Whether the subscriptions of the connection have been answered once.
        var isListening = false
        /// Whether the broker has ever refused a filter with wildcards.
        var refusesWildcards = false
        /// Since when the broker does not listen for us; `nil` while it does.
        var awaySince: SuspendingClock.Instant? = .now
        var reason: String?
    }

    init(client: MosquittoClient, qualityOfService: MQTTQualityOfService) {
        self.client = client
        self.qualityOfService = qualityOfService
    }

    var events: any AsyncSequence<BrokerEvent, Never> & Sendable {
        client.events.compactMap { self.translate($0) }
    }

    /// Whether the broker answers now.
    var contact: BrokerContact {
        state.withLock { state in
            state.awaySince.map { .away(for: $0.duration(to: .now), reason: state.reason) } ?? .connected
        }
    }

    /// What the broker said of itself; `nil` without a connection.
    var facts: BrokerFacts? {
        state.withLock { state in
            guard state.awaySince == nil, let connection = state.connection else { return nil }
            return BrokerConnection(connection, refusesWildcards: state.refusesWildcards).facts
        }
    }

    func listen(on topics: [String]) { client.subscribe(to: topics) }

    func publish(_ messages: [Publication]) async -> [Bool] {
        let deliveries = await client.publish(
            contentsOf: messages.map { message in
                MQTTMessage(
                    topic: message.topic,
                    payload: Array(message.payload.utf8),
                    qualityOfService: qualityOfService,
                    isRetained: message.isRetained,
                    properties: MQTTProperties(correlationData: message.correlationData)
                )
            }
        )
        return deliveries.map { delivery in
            switch delivery {
            case .acknowledged: true
            // It does not go to this broker; saying it again changes nothing, and it was reported.
            case .refused, .notSent(.refused), .notSent(.invalidMessage): true
            case .unconfirmed, .notSent: false
            }
        }
    }

    private func translate(_ event: MQTTEvent) -> BrokerEvent? {
        switch event {
        case .connected(let new):
            state.withLock { ($0.connection, $0.isListening) = (new, false) }
            return nil
        case .subscribed:
            // Not before: until the broker listens for us, nobody should see us online.
            return state.withLock { state in
                state.awaySince = nil
                defer { state.isListening = true }
                guard !state.isListening, let connection = state.connection else { return nil }
                return .connected(BrokerConnection(connection, refusesWildcards: state.refusesWildcards))
            }
        case .disconnected(let reason):
            state.withLock { state in
                state = State(
                    refusesWildcards: state.refusesWildcards,
                    awaySince: state.awaySince ?? .now,
                    reason: reason
                )
            }
            return .disconnected
        case .message(let message):
            return .message(IncomingMessage(message, byteCount: message.payload.count))
        case .oversized(let message, let byteCount):
            return .message(IncomingMessage(message, byteCount: byteCount))
        case .subscriptionRefused(let filter, _):
            if filter.contains("+") { state.withLock { $0.refusesWildcards = true } }
            return nil
        }
    }
}

extension BrokerConnection {
    fileprivate init(_ connection: MQTTConnection, refusesWildcards: Bool) {
        self.init(
            facts: BrokerFacts(
                protocolVersion: connection.version.description,
                maximumPacketSize: connection.maximumPacketSize,
                maximumQualityOfService: Int(connection.maximumQualityOfService.rawValue),
                retainsMessages: connection.retainAvailable,
                receiveMaximum: connection.receiveMaximum,
                takesWildcards: connection.wildcardsAvailable && !refusesWildcards,
                takesLastWill: connection.hasLastWill,
                keepAliveSeconds: Int(connection.keepAlive.components.seconds)
            ),
            echoes: connection.version == .version311
        )
    }
}

extension IncomingMessage {
    fileprivate init(_ message: MQTTMessage, byteCount: Int) {
        self.init(
            topic: message.topic,
            payload: message.payload,
            byteCount: byteCount,
            isRetained: message.isRetained,
            responseTopic: message.properties.responseTopic,
            correlationData: message.properties.correlationData,
            expiry: message.properties.messageExpiry,
            journalEntry: message.keptAs
        )
    }
}
