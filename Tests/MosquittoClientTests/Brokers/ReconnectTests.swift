import TestSupport
import Testing

@testable import MosquittoClient

@Suite(.timeLimit(.minutes(2))) struct ReconnectTests {
    @Test("A broker that is killed and restarted ten times is found again each time, with one line per outage")
    func killedTenTimes() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port, subscriptions: ["a/#"])) { client in
                for round in 1...10 {
                    _ = try await client.connection(round)
                    try await client.client.publish(MQTTMessage("b", "\(round)"))
                    await broker.kill()
                    try await eventually { client.outages == round }
                    await #expect(throws: MQTTError.notConnected) { try await client.client.publish(MQTTMessage("b")) }
                    try await broker.start()
                }
                _ = try await client.connection(11)
                #expect(client.client.counters.connections == 11)
                #expect(client.outages == 10)
                #expect(client.notes.filter { $0.hasPrefix("Connected") }.count == 11)
            }
        }
    }

    @Test("A broker that starts later than the client is found")
    func startsLater() async throws {
        try await withBroker { broker in
            await broker.stop()
            try await withClient(.test(broker.port)) { client in
                try await eventually { client.reasons == ["the MQTT broker cannot be reached: connection refused"] }
                try await broker.start()
                _ = try await client.connection()
            }
        }
    }

    @Test("When a broker hangs, the keep-alive ends the connection, callers learn of it, and it is found again")
    func hangs() async throws {
        try await withBroker { broker in
            var configuration = MQTTConfiguration.test(broker.port)
            configuration.keepAlive = .seconds(5)
            try await withClient(configuration) { client in
                _ = try await client.connection()
                broker.freeze()
                await #expect(throws: MQTTError.connectionLost) { try await client.client.publish(MQTTMessage("a")) }
                try await eventually { client.reasons.first == "the MQTT broker has fallen silent" }
                broker.resume()
                _ = try await client.connection(2)
                try await client.client.publish(MQTTMessage("a"))
            }
        }
    }

    @Test("A name that cannot be looked up is tried again and again")
    func lookUp() async throws {
        var configuration = MQTTConfiguration.test(1883)
        configuration.host = "broker.invalid"
        try await withClient(configuration) { client in
            try await eventually { client.attempts.count >= 3 && !client.reasons.isEmpty }
            #expect(client.reasons.first?.hasPrefix("the MQTT broker cannot be reached: broker.invalid: ") == true)
        }
    }

    @Test("Two clients with one id are recognised, and reported in one line")
    func rivals() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port, clientID: "twin")) { first in
                try await withClient(.test(broker.port, clientID: "twin")) { second in
                    let clients = [first, second]
                    try await eventually { clients.allSatisfy { $0.connections.count > 5 } }
                    for client in clients {
                        #expect(client.warnings.filter { $0.contains("same client id") }.count == 1)
                    }
                }
            }
        }
    }
}
