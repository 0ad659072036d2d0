import Foundation
import TestSupport
import Testing

@testable import MosquittoClient

/// Brokers that cannot do everything, with both versions of MQTT.
@Suite(.timeLimit(.minutes(1))) struct PoorBrokerTests {
    struct Poverty: CustomTestStringConvertible {
        let lines: String
        var retains = true
        var maximum = MQTTQualityOfService.exactlyOnce

        var testDescription: String { lines }
    }

    static let poverties = [
        Poverty(lines: "retain_available false", retains: false),
        Poverty(lines: "max_qos 0", maximum: .atMostOnce),
        Poverty(lines: "retain_available false\nmax_qos 0", retains: false, maximum: .atMostOnce),
    ]

    private static func bridge(
        at port: Int,
        _ version: MQTTConfiguration.Version,
        subscriptions: [String] = []
    ) -> MQTTConfiguration {
        var configuration = MQTTConfiguration.test(port, clientID: "bridge", subscriptions: subscriptions)
        configuration.version = version
        configuration.lastWill = MQTTMessage("state", "offline", isRetained: true)
        return configuration
    }

    @Test(
        "A broker without retained messages or with QoS 0 only is served as far as it goes, with one warning",
        arguments: poverties,
        [MQTTConfiguration.Version.automatic, .version5, .version311]
    )
    func serves(poverty: Poverty, version: MQTTConfiguration.Version) async throws {
        try await withBroker { _ in
            "allow_anonymous true\n\(poverty.lines)"
        } _: { broker in
            let configuration = Self.bridge(at: broker.port, version, subscriptions: ["c/#"])
            try await withClient(.test(broker.port, clientID: "watcher", subscriptions: ["state", "n/#"])) { watcher in
                _ = try await watcher.connection()
                try await withClient(configuration) { client in
                    let connection = try await client.connection()
                    #expect(connection.retainAvailable == poverty.retains)
                    #expect(connection.maximumQualityOfService == poverty.maximum || poverty.maximum == .exactlyOnce)
                    let messages = (0..<50).map { MQTTMessage("n/\($0)", "x", isRetained: true) }
                    let deliveries = await client.client.publish(contentsOf: messages)
                    #expect(deliveries == messages.map { _ in .acknowledged })
                    try await eventually { watcher.messages.count == 50 }
                    try await eventually { client.warnings == [TestClient.missing] }
                    #expect(client.connections.count == 1)
                    // The will is kept: cut off without a word, the client is reported as gone.
                    await broker.kill()
                    try await broker.start()
                    _ = try await client.connection(2)
                    #expect(client.warnings.count { $0 == TestClient.missing } == 1)
                    _ = try await watcher.connection(2)
                }
                // The farewell.
                try await eventually { watcher.payloads.last == "offline" }
            }
        }
    }

    @Test(
        "The will works where it had to be made weaker",
        arguments: poverties,
        [MQTTConfiguration.Version.version5, .version311]
    )
    func will(poverty: Poverty, version: MQTTConfiguration.Version) async throws {
        try await withBroker { _ in
            "allow_anonymous true\n\(poverty.lines)"
        } _: { broker in
            let relay = try Relay(to: broker.port)
            defer { relay.stop() }
            let configuration = Self.bridge(at: relay.port, version)
            try await withClient(.test(broker.port, clientID: "watcher", subscriptions: ["state"])) { watcher in
                _ = try await watcher.connection()
                try await withClient(configuration) { client in
                    _ = try await client.connection()
                    relay.close()
                    try await eventually { watcher.payloads == ["offline"] }
                }
            }
        }
    }

    @Test(
        "A message that is too large is left out and named, the others are delivered, and no other client is blamed",
        arguments: [MQTTConfiguration.Version.automatic, .version311],
        [MQTTQualityOfService.atMostOnce, .atLeastOnce]
    )
    func tooLarge(version: MQTTConfiguration.Version, level: MQTTQualityOfService) async throws {
        try await withBroker { _ in
            "allow_anonymous true\nmax_packet_size 4000"
        } _: { broker in
            let configuration = Self.bridge(at: broker.port, version)
            try await withClient(configuration) { client in
                let messages = (0..<60).map { number in
                    let size = number % 20 == 10 ? 4000 + number : 100
                    return MQTTMessage(
                        topic: "n/\(number)",
                        payload: Array(repeating: 0x78, count: size),
                        qualityOfService: level
                    )
                }
                let expected = messages.map { message -> MQTTDelivery in
                    message.payload.count < 4000 ? .acknowledged : .notSent(.refused(.packetTooLarge))
                }
                try await eventually {
                    // As the bridge does: everything over each connection.
                    await client.client.publish(contentsOf: messages) == expected
                }
                try await eventually { client.warnings.contains(TestClient.missing) }
                for number in [10, 30, 50] {
                    #expect(client.log.contains { $0.contains("n/\(number)") && $0.contains("larger than") })
                }
                #expect(!client.warnings.contains { $0.contains("another client") })
                let connections = client.connections.count
                for _ in 1...3 {
                    let deliveries = await client.client.publish(contentsOf: messages)
                    #expect(deliveries == expected)
                }
                #expect(client.connections.count == connections)
            }
        }
    }

    @Test("No more messages are in flight than the broker allows", arguments: [1, 2, 5])
    func lowReceiveMaximum(limit: Int) async throws {
        try await withBroker { _ in
            "allow_anonymous true\nmax_inflight_messages \(limit)"
        } _: { broker in
            try await withClient(.test(broker.port, clientID: "bridge")) { client in
                let connection = try await client.connection()
                #expect(connection.receiveMaximum == limit)
                let messages = (0..<100).map { MQTTMessage("n/\($0)") }
                let deliveries = await client.client.publish(contentsOf: messages)
                #expect(deliveries == messages.map { _ in .acknowledged })
                #expect(client.connections.count == 1)
            }
        }
    }
}
