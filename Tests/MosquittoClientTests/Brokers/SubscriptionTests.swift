import TestSupport
import Testing

@testable import MosquittoClient

@Suite(.timeLimit(.minutes(1))) struct SubscriptionTests {
    @Test("A retained message is recognised, live and stored; the client's own messages do not come back to it")
    func retainedAndOwn() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port, clientID: "sender")) { sender in
                _ = try await sender.connection()
                try await sender.client.publish(MQTTMessage("c/stored", "1", isRetained: true))
                try await withClient(.test(broker.port, clientID: "bridge", subscriptions: ["c/#"])) { bridge in
                    try await eventually { bridge.payloads == ["1"] }
                    try await bridge.client.publish(MQTTMessage("c/own", "own"))
                    try await sender.client.publish(MQTTMessage("c/live", "2", isRetained: true))
                    try await sender.client.publish(MQTTMessage("c/live", "3"))
                    try await eventually { bridge.payloads == ["1", "2", "3"] }
                    #expect(bridge.messages.map(\.isRetained) == [true, true, false])
                }
            }
        }
    }

    @Test("Filters that are named later are subscribed to over this connection and the next, those of before no more")
    func furtherFilters() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port, clientID: "sender")) { sender in
                try await withClient(.test(broker.port, clientID: "bridge", subscriptions: ["c"])) { bridge in
                    _ = try await bridge.connection()
                    bridge.client.subscribe(to: ["old", "bad/#/filter"])
                    try await eventually { bridge.events.count { $0 == .subscribed } == 2 }
                    bridge.client.subscribe(to: ["new"])
                    try await eventually { bridge.events.count { $0 == .subscribed } == 3 }
                    await broker.kill()
                    try await broker.start()
                    _ = try await sender.connection(2)
                    try await eventually { bridge.events.count { $0 == .subscribed } >= 4 }
                    for topic in ["c", "old", "new", "c"] { try await sender.client.publish(MQTTMessage(topic)) }
                    try await eventually { bridge.messages.count == 3 }
                    #expect(bridge.messages.map(\.topic) == ["c", "new", "c"])
                }
            }
        }
    }

    @Test("A broker that says that it takes no wildcards is not asked for any")
    func noWildcards() async throws {
        // CONNACK with "wildcard subscription available" (40) off; then SUBACK for whatever comes first.
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write([0x20, 5, 0, 0, 2, 40, 0])
            let packet = connection.read()
            guard packet.count > 4 else { return }
            connection.write([0x90, 4, packet[2], packet[3], 0, 1])
            while !connection.read().isEmpty {}
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port, subscriptions: ["c/+/set", "c/#", "c/state"])) { client in
            let connection = try await client.connection()
            #expect(!connection.wildcardsAvailable)
            try await eventually { client.warnings == [TestClient.missing] }
            #expect(client.log.contains { $0.contains("subscriptions with wildcards") })
            #expect(client.connections.count == 1)
        }
    }

    @Test("Response topic, correlation data and expiry arrive as they were sent")
    func properties() async throws {
        let properties = MQTTProperties(
            responseTopic: "answers/42",
            correlationData: [0, 255, 10, 0],
            messageExpiry: .seconds(60)
        )
        try await withBroker { broker in
            try await withClient(.test(broker.port, clientID: "sender")) { sender in
                try await withClient(.test(broker.port, clientID: "bridge", subscriptions: ["c"])) { bridge in
                    _ = try await bridge.connection()
                    _ = try await sender.connection()
                    try await sender.client.publish(MQTTMessage("c", "{}", properties: properties))
                    try await eventually { bridge.messages.count == 1 }
                    #expect(bridge.messages[0] == MQTTMessage("c", "{}", properties: properties))
                    try await sender.client.publish(MQTTMessage("c"))
                    try await eventually { bridge.messages.count == 2 }
                    #expect(bridge.messages[1].properties == MQTTProperties())
                }
            }
        }
    }

    @Test("A payload above 64 KiB is counted, not delivered; one of 64 KiB is delivered")
    func oversized() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port, clientID: "sender")) { sender in
                try await withClient(.test(broker.port, clientID: "bridge", subscriptions: ["c/#"])) { bridge in
                    _ = try await bridge.connection()
                    _ = try await sender.connection()
                    let answer = MQTTProperties(responseTopic: "answer")
                    let large = MQTTMessage("c/1", String(repeating: "x", count: 65_537), properties: answer)
                    try await sender.client.publish(large)
                    // Larger than what the client said it takes: the broker keeps it.
                    try await sender.client.publish(MQTTMessage("c/2", String(repeating: "x", count: 200_000)))
                    try await sender.client.publish(MQTTMessage("c/3", String(repeating: "x", count: 65_536)))
                    try await eventually { bridge.messages.count == 1 }
                    #expect(bridge.messages[0].payload.count == 65_536)
                    let expected = MQTTEvent.oversized(MQTTMessage("c/1", properties: answer), byteCount: 65_537)
                    #expect(bridge.events.contains(expected))
                    #expect(bridge.events.count == 4)
                }
            }
        }
    }

    @Test("A flood that nobody reads is bounded, and what is dropped is counted")
    func flood() async throws {
        try await withBroker { broker in
            let bridge = try TestClient(.test(broker.port, clientID: "bridge", subscriptions: ["c"]))
            let run = Task { try await bridge.client.run() }
            try await eventually { bridge.client.counters.connections == 1 }
            try await withClient(.test(broker.port, clientID: "sender")) { sender in
                _ = try await sender.connection()
                let flood = (1...1100).map { MQTTMessage("c", "\($0)") }
                #expect(await sender.client.publish(contentsOf: flood).allSatisfy { $0 == .acknowledged })
            }
            try await eventually { bridge.client.counters.droppedMessages == 76 }
            run.cancel()
            try await run.value
            await bridge.record()
            #expect(bridge.payloads == (1...1024).map { "\($0)" })
            #expect(bridge.warnings.filter { $0.hasPrefix("Messages are dropped") }.count == 7)
        }
    }
}
