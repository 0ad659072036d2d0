import TestSupport
import Testing

@testable import MosquittoClient

@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    @Test("A session is resumed after two losses, and commands sent meanwhile arrive")
    func resumed() async throws {
        try await withBroker { broker in
            let relay = try Relay(to: broker.port)
            defer { relay.stop() }
            try await withClient(.test(broker.port, clientID: "sender")) { sender in
                _ = try await sender.connection()
                try await withClient(.test(relay.port, clientID: "bridge", subscriptions: ["c"])) { bridge in
                    let connection = try await bridge.connection()
                    #expect(connection.sessionPresent == false)
                    for round in 1...2 {
                        try await sender.client.publish(MQTTMessage("c", "live \(round)"))
                        try await eventually { bridge.payloads.last == "live \(round)" }
                        relay.close()
                        try await eventually { bridge.outages == round }
                        try await sender.client.publish(MQTTMessage("c", "kept \(round)"))
                        relay.open()
                        let connection = try await bridge.connection(round + 1)
                        #expect(connection.sessionPresent)
                        try await eventually { bridge.payloads.last == "kept \(round)" }
                    }
                    // One may arrive twice, if the connection was lost before its acknowledgement.
                    let payloads = bridge.payloads.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
                    #expect(payloads == ["live 1", "kept 1", "live 2", "kept 2"])
                }
            }
        }
    }

    @Test("A session outlives a farewell, and a new client with the same id finds its commands")
    func survivesFarewell() async throws {
        try await withBroker { broker in
            let configuration = MQTTConfiguration.test(broker.port, clientID: "bridge", subscriptions: ["c"])
            try await withClient(configuration) { bridge in
                _ = try await bridge.connection()
                try await bridge.client.publish(MQTTMessage("x"))
            }
            try await withClient(.test(broker.port, clientID: "sender")) { sender in
                _ = try await sender.connection()
                try await sender.client.publish(MQTTMessage("c", "kept"))
            }
            try await withClient(configuration) { bridge in
                let connection = try await bridge.connection()
                #expect(connection.sessionPresent)
                try await eventually { bridge.payloads == ["kept"] }
            }
        }
    }

    @Test("With 3.1.1 the session is clean, properties are left out, and messages still flow")
    func version311() async throws {
        try await withBroker { broker in
            var configuration = MQTTConfiguration.test(broker.port, clientID: "bridge", subscriptions: ["c"])
            configuration.version = .version311
            configuration.lastWill = MQTTMessage("w", properties: MQTTProperties(responseTopic: "answer"))
            for _ in 1...2 {
                try await withClient(configuration) { bridge in
                    let connection = try await bridge.connection()
                    #expect(connection.version == .version311)
                    #expect(!connection.sessionPresent)
                    try await withClient(.test(broker.port, clientID: "sender")) { sender in
                        _ = try await sender.connection()
                        try await sender.client.publish(MQTTMessage("c", "1"))
                        try await eventually { bridge.payloads == ["1"] }
                    }
                    let properties = MQTTProperties(responseTopic: "answer")
                    try await bridge.client.publish(MQTTMessage("a", properties: properties))
                }
            }
        }
    }
}
