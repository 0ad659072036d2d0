import Foundation
import TestSupport
import Testing

@testable import MosquittoClient

@Suite(.timeLimit(.minutes(1))) struct PublishTests {
    @Test("Three hundred messages are acknowledged and arrive in their order", arguments: MQTTQualityOfService.allCases)
    func order(qualityOfService: MQTTQualityOfService) async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port, clientID: "reader", subscriptions: ["n/#"])) { reader in
                _ = try await reader.connection()
                try await withClient(.test(broker.port, clientID: "writer")) { writer in
                    _ = try await writer.connection()
                    let messages = (0..<300).map {
                        MQTTMessage(topic: "n/\($0)", payload: [], qualityOfService: qualityOfService)
                    }
                    let deliveries = await writer.client.publish(contentsOf: messages)
                    #expect(deliveries == messages.map { _ in .acknowledged })
                    try await eventually { reader.messages.count == 300 }
                    #expect(reader.messages.map(\.topic) == messages.map(\.topic))
                }
            }
        }
    }

    @Test("Many callers at once are each answered")
    func manyCallers() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port)) { client in
                _ = try await client.connection()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<500 {
                        group.addTask { try await client.client.publish(MQTTMessage("a", "\(number)")) }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test("A message that is malformed fails alone")
    func malformed() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port)) { client in
                _ = try await client.connection()
                let deliveries = await client.client.publish(contentsOf: [
                    MQTTMessage("good"), MQTTMessage("bad/#"), MQTTMessage("good"),
                ])
                #expect(deliveries[0] == .acknowledged && deliveries[2] == .acknowledged)
                #expect(deliveries[1] == .notSent(.invalidMessage("the topic bad/# contains a wildcard")))
                #expect(client.connections.count == 1)
            }
        }
    }

    @Test("A message that the broker's rules deny fails with 135, and is logged once")
    func denied() async throws {
        try await withBroker { directory in
            let rules = directory.appending(path: "acl")
            try Data("topic write open/#\n".utf8).write(to: rules)
            return "allow_anonymous true\nacl_file \(rules.path())"
        } _: { broker in
            try await withClient(.test(broker.port)) { client in
                _ = try await client.connection()
                try await client.client.publish(MQTTMessage("open/a"))
                for _ in 1...3 {
                    let error = await #expect(throws: MQTTError.refused(.notAuthorized)) {
                        try await client.client.publish(MQTTMessage("closed/a"))
                    }
                    #expect(error?.description == "the broker does not allow this")
                }
                try await eventually { client.warnings == [TestClient.missing] }
                #expect(client.log.contains { $0.contains("closed/a: the broker does not allow this (135)") })
                #expect(client.client.counters.refusedPublishes == 3)
            }
        }
    }

    @Test("The broker's limits are known, and a larger message is not sent")
    func limits() async throws {
        try await withBroker { _ in
            """
            allow_anonymous true
            max_packet_size 2000
            max_qos 1
            max_keepalive 20
            """
        } _: { broker in
            try await withClient(.test(broker.port)) { client in
                let connection = try await client.connection()
                #expect(connection.maximumPacketSize == 2000)
                #expect(connection.maximumQualityOfService == .atLeastOnce)
                #expect(connection.keepAlive == .seconds(20))
                #expect(connection.receiveMaximum == 20)
                #expect(connection.retainAvailable)
                await #expect(throws: MQTTError.refused(.packetTooLarge)) {
                    try await client.client.publish(MQTTMessage("a", String(repeating: "x", count: 2000)))
                }
                var message = MQTTMessage("a")
                message.qualityOfService = .exactlyOnce
                try await client.client.publish(message)
                #expect(client.connections.count == 1)
            }
        }
    }

    @Test("When the connection is lost, every waiting caller learns which messages may have arrived")
    func loss() async throws {
        // It acknowledges nothing, and closes when it has received as many messages as may be in flight: twenty.
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(HostilePeerTests.accepted5)
            var received = 0
            while received < 20 * Self.packetLength {
                let bytes = connection.read()
                if bytes.isEmpty { return }
                received += bytes.count
            }
        }
        defer { peer.stop() }
        try await withClient(.test(peer.port)) { client in
            _ = try await client.connection()
            async let first = client.client.publish(contentsOf: Array(repeating: MQTTMessage("a"), count: 100))
            async let second = client.client.publish(contentsOf: [MQTTMessage("b")])
            let (many, one) = await (first, second)
            #expect(many.count == 100 && one.count == 1)
            let sent = many.prefix { $0 == .unconfirmed(.connectionLost) }.count
            #expect(many.dropFirst(sent).allSatisfy { $0 == .notSent(.connectionLost) })
            #expect(one == [sent == 20 ? .notSent(.connectionLost) : .unconfirmed(.connectionLost)])
            #expect((19...20).contains(sent))
        }
    }

    /// PUBLISH of QoS 1 without a payload, for MQTT 5: two bytes of header, two of the topic's length, the topic, two of
    /// packet id, one of the properties' length.
    static let packetLength = 2 + 2 + 1 + 2 + 1

    @Test("Cancelling resumes the cancelled caller, and no other")
    func cancellation() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port)) { client in
                _ = try await client.connection()
                broker.freeze()
                let patient = Task { try await client.client.publish(MQTTMessage("a")) }
                let impatient = Task { try await client.client.publish(MQTTMessage("b")) }
                try await eventually { client.client.waitingPublishes == 2 }
                impatient.cancel()
                await #expect(throws: MQTTError.cancelled) { try await impatient.value }
                broker.resume()
                try await patient.value
                let late = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await client.client.publish(MQTTMessage("c"))
                }
                await #expect(throws: MQTTError.cancelled) { try await late.value }
                try await client.client.publish(MQTTMessage("d"))
            }
        }
    }

    @Test("A client that is not running sends nothing, and one that has ended says so")
    func notRunning() async throws {
        let port = try freePort()
        let client = try TestClient(.test(port))
        await #expect(throws: MQTTError.notConnected) { try await client.client.publish(MQTTMessage("a")) }
        let run = Task { try await client.client.run() }
        run.cancel()
        try await run.value
        await #expect(throws: MQTTError.closed) { try await client.client.publish(MQTTMessage("a")) }
        await #expect(throws: MQTTError.alreadyRun) { try await client.client.run() }
        await client.record()
    }
}
