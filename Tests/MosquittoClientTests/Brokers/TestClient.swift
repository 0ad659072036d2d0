import Basics
import InMemoryLogging
import Logging
import Synchronization
import TestSupport
import Testing

@testable import MosquittoClient

/// A client, and everything that it has reported and logged so far.
final class TestClient: Sendable {
    let client: MosquittoClient
    private let logs: InMemoryLogHandler
    private let awaitsSubscriptions: Bool
    private let recorded = Mutex<[MQTTEvent]>([])

    init(_ configuration: MQTTConfiguration) throws {
        awaitsSubscriptions = !configuration.subscriptions.isEmpty
        let logs = InMemoryLogHandler()
        self.logs = logs
        var logger = Logger(label: "mqtt") { _ in logs }
        logger.logLevel = .debug
        // Short, so that a test of many reconnects does not take minutes.
        let backoff = Backoff(base: .milliseconds(20), cap: .milliseconds(200), floor: .zero)
        client = try MosquittoClient(configuration: configuration, logger: logger, backoff: backoff)
    }

    var events: [MQTTEvent] { recorded.withLock { $0 } }
    var connections: [MQTTConnection] { events.compactMap { if case .connected(let it) = $0 { it } else { nil } } }
    var messages: [MQTTMessage] { events.compactMap { if case .message(let it) = $0 { it } else { nil } } }
    var payloads: [String] { messages.map { String(decoding: $0.payload, as: UTF8.self) } }
    var reasons: [String] { events.compactMap { if case .disconnected(let it) = $0 { it } else { nil } } }

    /// The warning of what a broker cannot do or refuses.
    static let missing = "The MQTT broker lacks some of what the bridge uses"

    var warnings: [String] { lines(.warning) }
    var notes: [String] { lines(.info) }
    var outages: Int { warnings.count { $0.hasPrefix("No connection") } }
    /// Every line with its metadata.
    var log: [String] { logs.entries.map { "\($0.message) \($0.metadata)" } }

    /// The version of MQTT of each attempt to connect.
    var attempts: [String] {
        logs.entries.filter { $0.message == "Connecting to the MQTT broker" }
            .compactMap { $0.metadata["version"].map { "\($0)" } }
    }

    private func lines(_ level: Logger.Level) -> [String] {
        logs.entries.filter { $0.level == level }.map { "\($0.message)" }
    }

    /// Waits for the first, second, … connection, and until its subscriptions are answered.
    func connection(
        _ number: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> MQTTConnection {
        try await eventually("connection \(number); \(reasons)", sourceLocation: sourceLocation) {
            let subscribed = events.count { $0 == .subscribed }
            return connections.count >= number && (!awaitsSubscriptions || subscribed >= number)
        }
        return connections[number - 1]
    }

    func record() async {
        for await event in client.events { recorded.withLock { $0.append(event) } }
    }
}

/// Runs a client while `body` runs, then lets it leave.
func withClient<Result: Sendable>(
    _ configuration: MQTTConfiguration,
    _ body: @Sendable @escaping (TestClient) async throws -> Result
) async throws -> Result {
    let client = try TestClient(configuration)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await client.record() }
        let run = Task { try await client.client.run() }
        do {
            let result = try await body(client)
            run.cancel()
            try await run.value
            try await group.waitForAll()
            return result
        } catch {
            run.cancel()
            try await run.value
            throw error
        }
    }
}

extension MosquittoClient {
    /// Publishes one message.
    ///
    /// - Throws: The reason unless the broker acknowledged it.
    func publish(_ message: MQTTMessage) async throws(MQTTError) {
        for delivery in await publish(contentsOf: [message]) {
            switch delivery {
            case .acknowledged: break
            case .refused(let reason): throw .refused(reason)
            case .unconfirmed(let error), .notSent(let error): throw error
            }
        }
    }
}

extension MQTTConfiguration {
    /// For a test's broker.
    static func test(_ port: Int, clientID: String = "test", subscriptions: [String] = []) -> MQTTConfiguration {
        MQTTConfiguration(host: "127.0.0.1", port: port, clientID: clientID, subscriptions: subscriptions)
    }
}

extension MQTTMessage {
    /// A message of text.
    init(_ topic: String, _ text: String = "", isRetained: Bool = false, properties: MQTTProperties = .init()) {
        self.init(topic: topic, payload: Array(text.utf8), isRetained: isRetained, properties: properties)
    }
}
