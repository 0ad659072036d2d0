import TestSupport
import Testing

@testable import MosquittoClient

/// Peers that are not a broker, or a broker that answers as it must not. The bytes are packets of MQTT.
@Suite(.timeLimit(.minutes(1))) struct HostilePeerTests {
    static let accepted5: [UInt8] = [0x20, 3, 0, 0, 0]
    static let accepted311: [UInt8] = [0x20, 2, 0, 0]

    enum Answer: CaseIterable {
        case nothing, garbage, html, endlessLength, truncated, unknownPacket, acceptedThenGarbage, acceptedThenHalf

        var bytes: [UInt8] {
            switch self {
            case .nothing: []
            case .garbage: Array(repeating: 0xFF, count: 1000)
            case .html: Array("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".utf8)
            case .endlessLength: [0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
            case .truncated: [0x20]
            case .unknownPacket: [0xF0, 0]
            case .acceptedThenGarbage: HostilePeerTests.accepted5 + Array(repeating: 0xFF, count: 1000)
            case .acceptedThenHalf: HostilePeerTests.accepted5 + [0x30, 0x7F, 0, 10]
            }
        }
    }

    @Test("Whatever a peer answers, the client tries again", arguments: Answer.allCases)
    func triesAgain(answer: Answer) async throws {
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(answer.bytes)
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port)) { client in
            try await eventually { peer.connections >= 7 && !client.reasons.isEmpty }
        }
    }

    @Test("If a peer only closes, 3.1.1 is tried after three times, and 5 again later")
    func closes() async throws {
        let peer = try ScriptedPeer { _ = $0.read() }
        defer { peer.stop() }
        try await withClient(.test(peer.port)) { client in
            try await eventually { client.attempts.count >= 7 }
            #expect(client.attempts.prefix(7) == ["5", "5", "5", "3.1.1", "3.1.1", "3.1.1", "5"])
        }
    }

    @Test(
        "A broker that does not speak 5 gets 3.1.1",
        arguments: [[0x20, 2, 0, 1], [0x20, 3, 0, 132, 0]] as [[UInt8]]
    )
    func oldBroker(refusal: [UInt8]) async throws {
        let peer = try ScriptedPeer { connection in
            // The version is the byte after "MQTT" in CONNECT (MQTT 5, 3.1.2.2).
            let isVersion5 = connection.read().dropFirst(8).first == 5
            connection.write(isVersion5 ? refusal : Self.accepted311)
            while !connection.read().isEmpty {}
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port)) { client in
            let connection = try await client.connection()
            #expect(connection.version == .version311)
            #expect(peer.connections == 2)
        }
    }

    @Test("A refused subscription is reported once over many connections, with its filter and reason")
    func refusedSubscription() async throws {
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(Self.accepted5)
            // SUBACK for the two packets that come: the first is refused, the second granted.
            var received = 0
            while received < 2 * Self.subscribeLength {
                let bytes = connection.read()
                if bytes.isEmpty { return }
                received += bytes.count
            }
            connection.write([0x90, 4, 0, 1, 0, 135, 0x90, 4, 0, 2, 0, 1])
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port, subscriptions: ["c/one", "c/two"])) { client in
            func refusals() -> [MQTTEvent] {
                client.events.filter { if case .subscriptionRefused = $0 { true } else { false } }
            }
            _ = try await client.connection(4)
            try await eventually { !refusals().isEmpty }
            #expect(refusals() == [.subscriptionRefused(filter: "c/one", .notAuthorized)])
            try await eventually { client.warnings.contains(TestClient.missing) }
            #expect(client.warnings.count { $0 == TestClient.missing } == 1)
        }
    }

    /// Two bytes of header, two of packet id, one of properties' length, two of the filter's length, 5 and an option.
    static let subscribeLength = 2 + 2 + 1 + 2 + 5 + 1

    @Test("A message whose topic is a wildcard is dropped and counted, and the next one is read")
    func wildcardTopic() async throws {
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(Self.accepted5 + Self.message(topic: Array("a/+".utf8), text: "x"))
            connection.write(Self.message(topic: Array("a/b".utf8), text: "y"))
            while !connection.read().isEmpty {}
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port)) { client in
            try await eventually { client.payloads == ["y"] }
            #expect(client.client.counters.unreadableTopics == 1)
            #expect(client.warnings == ["Messages are dropped: their topics are unreadable"])
        }
    }

    @Test(
        "A topic that is not UTF-8, for which the library disconnects, is never delivered",
        arguments: [[0xC3, 0x28, 0x61], [0x61, 0x00, 0x62]] as [[UInt8]]
    )
    func brokenTopic(topic: [UInt8]) async throws {
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(Self.accepted5 + Self.message(topic: topic, text: "x"))
            while !connection.read().isEmpty {}
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port)) { client in
            _ = try await client.connection(3)
            #expect(client.messages.isEmpty)
        }
    }

    /// A PUBLISH of QoS 0 for MQTT 5.
    static func message(topic: [UInt8], text: String) -> [UInt8] {
        let rest = [0, UInt8(topic.count)] + topic + [0] + Array(text.utf8)
        return [0x30, UInt8(rest.count)] + rest
    }

    @Test("The broker's reason for closing is passed on")
    func dismissed() async throws {
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(Self.accepted5 + [0xE0, 2, 139, 0])
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port)) { client in
            try await eventually { client.reasons.first == "the broker is shutting down" }
            _ = try await client.connection(3)
        }
    }

    @Test("A peer that closes or resets within the TLS handshake is tried again", arguments: [true, false])
    func closesWithinHandshake(resets: Bool) async throws {
        let peer = try ScriptedPeer { connection in
            // Unread bytes make the kernel send a reset when the connection is closed.
            if !resets { _ = connection.read() }
        }
        defer { peer.stop() }
        var configuration = MQTTConfiguration.test(peer.port)
        configuration.tls = MQTTTLSConfiguration()
        try await withClient(configuration) { client in
            try await eventually { peer.connections >= 4 && !client.reasons.isEmpty }
        }
    }
}
