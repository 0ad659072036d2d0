import Foundation
import Logging
import MosquittoClient
import Synchronization

/// Somebody at the broker: sends commands, hears outcomes, and looks for secrets in all that is published.
final class Correspondent: Sendable {
    private struct State {
        var last: [String: [UInt8]] = [:]
        var leaks: [String] = []
        var messages = 0
        var sending = 0
    }

    private let client: MosquittoClient
    private let ledger: Ledger
    private let secrets: Secrets
    private let state = Mutex(State())

    private init(client: MosquittoClient, ledger: Ledger, secrets: Secrets) {
        (self.client, self.ledger, self.secrets) = (client, ledger, secrets)
    }

    /// Connected for as long as `body` runs; connects again when the broker comes back.
    static func connected(
        to port: Int,
        as name: String = "correspondent",
        ledger: Ledger,
        secrets: Secrets,
        _ body: @Sendable (Correspondent) async throws -> Void
    ) async throws {
        let client = try MosquittoClient(
            configuration: MQTTConfiguration(
                host: "127.0.0.1",
                port: port,
                clientID: name,
                subscriptions: ["#"],
                maximumPacketSize: 1 << 20
            ),
            logger: Logger(label: name, factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let correspondent = Correspondent(client: client, ledger: ledger, secrets: secrets)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            let (subscribed, isSubscribed) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                for await event in client.events {
                    switch event {
                    case .subscribed: isSubscribed.yield()
                    case .message(let message): correspondent.hear(message)
                    default: break
                    }
                }
            }
            for await _ in subscribed { break }
            try await body(correspondent)
            group.cancelAll()
        }
    }

    private func hear(_ message: MQTTMessage) {
        ledger.hear(message)
        let found = secrets.found(in: message.payload) + secrets.found(in: Array(message.topic.utf8))
        state.withLock { state in
            state.messages += 1
            state.last[message.topic] = message.payload
            state.leaks += found.map { "\($0) in a message on \(message.topic)" }
        }
    }

    /// What was said last on a topic.
    func last(on topic: String) -> String? {
        state.withLock { $0.last[topic].map { String(decoding: $0, as: UTF8.self) } }
    }

    func json(on topic: String) -> [String: Any]? {
        last(on: topic).flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }

    var leaks: [String] { state.withLock(\.leaks) }
    var messages: Int { state.withLock(\.messages) }

    /// How many messages of ours the broker has not taken yet.
    var sending: Int { state.withLock(\.sending) }

    /// Hands a command to the broker, and does not wait for it.
    func send(_ payload: [UInt8], on topic: String, as id: String) {
        let properties = MQTTProperties(responseTopic: Ledger.responseTopic, correlationData: Array(id.utf8))
        let message = MQTTMessage(topic: topic, payload: payload, properties: properties)
        state.withLock { $0.sending += 1 }
        Task {
            let delivered = await client.publish(contentsOf: [message])
            state.withLock { $0.sending -= 1 }
            if delivered == [.acknowledged] { ledger.acknowledge(id) }
        }
    }

    /// Says something that needs no outcome.
    func say(_ payload: String, on topic: String, retained: Bool = false) {
        let message = MQTTMessage(topic: topic, payload: Array(payload.utf8), isRetained: retained)
        Task { await client.publish(contentsOf: [message]) }
    }

    /// What the broker holds for those who come now.
    static func retained(at port: Int) async throws -> [String: [UInt8]] {
        let (answers, continuation) = AsyncStream.makeStream(of: [String: [UInt8]].self)
        let name = "newcomer-\(UUID().uuidString.prefix(8))"
        try await connected(to: port, as: name, ledger: Ledger(), secrets: Secrets()) { newcomer in
            var count = -1
            while newcomer.messages != count {
                count = newcomer.messages
                try await Task.sleep(for: .milliseconds(150))
            }
            continuation.yield(newcomer.state.withLock { $0.last.filter { !$0.value.isEmpty } })
        }
        for await held in answers { return held }
        return [:]
    }
}
