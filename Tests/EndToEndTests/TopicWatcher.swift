import Foundation
import Logging
import MosquittoClient
import ServiceLifecycle
import Synchronization
import TestSupport

/// Somebody who watches all topics and sends commands, as `mosquitto_sub` and `mosquitto_pub` would.
final class TopicWatcher: Sendable {
    private let client: MosquittoClient
    private let seen = Mutex<[MQTTMessage]>([])

    private init(client: MosquittoClient) {
        self.client = client
    }

    /// Watches for as long as `body` runs.
    static func watch(
        _ broker: Broker,
        as clientID: String = "watcher",
        _ body: @Sendable (TopicWatcher) async throws -> Void
    ) async throws {
        let client = try MosquittoClient(
            configuration: MQTTConfiguration(
                host: "127.0.0.1",
                port: broker.port,
                clientID: clientID,
                subscriptions: ["#"]
            ),
            logger: Logger(label: "watcher", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let watcher = TopicWatcher(client: client)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                for await event in client.events {
                    switch event {
                    case .subscribed: isReady.yield()
                    case .message(let message): watcher.seen.withLock { $0.append(message) }
                    default: break
                    }
                }
            }
            for await _ in ready { break }
            try await body(watcher)
            group.cancelAll()
        }
    }

    /// Everything that was said on a topic, in order.
    func said(on topic: String) -> [String] {
        seen.withLock { $0 }.filter { $0.topic == topic }.map { String(decoding: $0.payload, as: UTF8.self) }
    }

    /// What was said last.
    func last(on topic: String) -> String? { said(on: topic).last }

    /// What was said last, as JSON.
    func json(on topic: String) -> [String: Any]? {
        last(on: topic).flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }

    /// All topics on which something was said, with how often.
    func counts() -> [String: Int] {
        seen.withLock { $0 }.reduce(into: [:]) { $0[$1.topic, default: 0] += 1 }
    }

    /// All topics and payloads so far.
    func everything() -> String {
        seen.withLock { $0 }.map { "\($0.topic) \(String(decoding: $0.payload, as: UTF8.self))" }.joined(
            separator: "\n"
        )
    }

    /// Topics that hold something.
    func retainedTopics() -> Set<String> {
        let holding = seen.withLock { $0 }.reduce(into: [:]) { $0[$1.topic] = !$1.payload.isEmpty }
        return Set(holding.filter(\.value).keys)
    }

    func forget() { seen.withLock { $0 = [] } }

    /// Says one thing right after the other.
    func say(_ payloads: [String], on topic: String) async {
        _ = await client.publish(contentsOf: payloads.map { MQTTMessage(topic: topic, payload: Array($0.utf8)) })
    }

    func say(_ payload: String, on topic: String, retained: Bool = false, answerOn response: String? = nil) async throws
    {
        let properties = MQTTProperties(responseTopic: response, correlationData: response.map { Array($0.utf8) })
        let message = MQTTMessage(
            topic: topic,
            payload: Array(payload.utf8),
            isRetained: retained,
            properties: properties
        )
        for delivery in await client.publish(contentsOf: [message]) where delivery != .acknowledged {
            throw Undelivered(topic: topic, delivery: delivery)
        }
    }

    private struct Undelivered: Error {
        var topic: String
        var delivery: MQTTDelivery
    }
}
