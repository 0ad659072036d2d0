import Basics
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

    @Test("A message that the broker's rules deny fails with 135 and one line for each topic")
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
                    #expect(error?.isRetriable == false)
                }
                #expect(client.warnings == ["A message was refused"])
                #expect(client.client.counters.refusedPublishes == 3)
            }
        }
    }

    @Test("What the broker is willing to take is known, and a larger message is not sent")
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

    @Test("Callers that wait when the connection is lost are told, all of them")
    func loss() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port)) { client in
                _ = try await client.connection()
                broker.freeze()
                async let deliveries = client.client.publish(contentsOf: (0..<100).map { MQTTMessage("a", "\($0)") })
                async let error = #expect(throws: MQTTError.connectionLost) {
                    try await client.client.publish(MQTTMessage("b"))
                }
                try await Task.sleep(for: .milliseconds(100))
                await broker.kill()
                #expect(await error != nil)
                let fates = await deliveries
                let underWay = fates.prefix { $0 == .unconfirmed(.connectionLost) }.count
                // Twenty are sent at once, and the other caller's may be among them.
                #expect((19...20).contains(underWay))
                #expect(fates.dropFirst(underWay).allSatisfy { $0 == .notSent(.connectionLost) })
                #expect(fates.count == 100)
            }
        }
    }

    @Test("Cancelling resumes the one who waits, and nobody else")
    func cancellation() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port)) { client in
                _ = try await client.connection()
                broker.freeze()
                let patient = Task { try await client.client.publish(MQTTMessage("a")) }
                let impatient = Task { try await client.client.publish(MQTTMessage("b")) }
                try await Task.sleep(for: .milliseconds(50))
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

    @Test("A client that does not run sends nothing, and one that has ended says so")
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
