import Basics
import Logging
import MosquittoClient
import Synchronization

/// Somebody at the broker who sends commands and sees when the bridge comes online. It acknowledges at once, so that
/// what is measured is the bridge and the broker.
final class Peer: Sendable {
    private let client: MosquittoClient
    private let online = Mutex<ContinuousClock.Instant?>(nil)
    private let zones = Mutex<Set<String>>([])
    private let outcomes = Mutex(0)
    private let heard = FirstSights()

    private init(client: MosquittoClient) {
        self.client = client
    }

    static func connected<Result: Sendable>(
        to port: Int,
        _ body: @Sendable (Peer) async throws -> Result
    ) async throws -> Result {
        let client = try MosquittoClient(
            configuration: MQTTConfiguration(
                host: "127.0.0.1",
                port: port,
                clientID: "benchmark",
                subscriptions: ["evohome/bridge/state", "evohome/+/zone/+", "evohome/+/zone/+/result"]
            ),
            logger: Logger(label: "peer", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let peer = Peer(client: client)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            let (subscribed, isSubscribed) = AsyncStream.makeStream(of: Void.self)
            group.addTask {
                for await event in client.events {
                    switch event {
                    case .subscribed: isSubscribed.yield()
                    case .message(let message): peer.hear(message)
                    default: break
                    }
                }
            }
            for await _ in subscribed { break }
            defer { group.cancelAll() }
            return try await body(peer)
        }
    }

    /// When the bridge said `online`, since the last call.
    func comesOnline(within limit: Duration = .seconds(30)) async throws -> ContinuousClock.Instant {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let moment = online.withLock({ $0.take() }) { return moment }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw BenchmarkError(description: "The bridge did not come online within \(limit).")
    }

    /// Waits until so many more commands have ended.
    func hears(outcomes expected: Int, after body: () async throws -> Void) async throws {
        let before = outcomes.withLock { $0 }
        try await body()
        let deadline = ContinuousClock.now + .seconds(120)
        while outcomes.withLock({ $0 }) < before + expected {
            guard ContinuousClock.now < deadline else {
                throw BenchmarkError(description: "Not all commands had ended within 120 s.")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func say(_ payload: String, on topic: String) async throws {
        let message = MQTTMessage(topic: topic, payload: Array(payload.utf8))
        guard await client.publish(contentsOf: [message]) == [.acknowledged] else {
            throw BenchmarkError(description: "The broker did not take a command on \(topic).")
        }
    }

    /// When each state of a zone came, by its topic and payload.
    var states: [String: ContinuousClock.Instant] { heard.all }

    func forgetStates() { heard.forget() }

    /// The topics of all zones that were published, zone by zone, so that neighbours are in different homes.
    var zoneTopics: [String] {
        zones.withLock { $0 }.sorted { left, right in
            (left.split(separator: "/").last ?? "", left) < (right.split(separator: "/").last ?? "", right)
        }
    }

    private func hear(_ message: MQTTMessage) {
        let now = ContinuousClock.now
        guard !message.topic.hasSuffix("/result") else { return outcomes.withLock { $0 += 1 } }
        guard message.topic.hasSuffix("/state") else {
            zones.withLock { _ = $0.insert(message.topic) }
            heard.add(message.topic, String(decoding: message.payload, as: UTF8.self))
            return
        }
        online.withLock { $0 = message.payload == Array("online".utf8) ? now : nil }
    }
}
