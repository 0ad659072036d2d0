import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import MosquittoClient

@Suite(.timeLimit(.minutes(1))) struct FarewellTests {
    static func bridge(_ port: Int) -> MQTTConfiguration {
        var configuration = MQTTConfiguration.test(port, clientID: "bridge")
        configuration.lastWill = MQTTMessage("state", "offline", isRetained: true)
        return configuration
    }

    @Test("On graceful shutdown a subscriber hears the farewell, once")
    func farewell() async throws {
        try await withBroker { broker in
            try await withClient(.test(broker.port, clientID: "watcher", subscriptions: ["state"])) { watcher in
                _ = try await watcher.connection()
                let bridge = try TestClient(Self.bridge(broker.port))
                let service = ServiceGroupConfiguration.ServiceConfiguration(
                    service: bridge.client,
                    serviceName: "mqtt"
                )
                let silence = Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
                let group = ServiceGroup(configuration: .init(services: [service], logger: silence))
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await group.run() }
                    tasks.addTask { await bridge.record() }
                    _ = try await bridge.connection()
                    try await bridge.client.publish(MQTTMessage("state", "online", isRetained: true))
                    await group.triggerGracefulShutdown()
                    try await tasks.waitForAll()
                }
                try await eventually { watcher.payloads.count == 2 }
                // A last will on top of the farewell would arrive before this.
                try await watcher.client.publish(MQTTMessage("x"))
                #expect(watcher.payloads == ["online", "offline"])
                #expect(watcher.messages.allSatisfy { $0.isRetained })
                #expect(bridge.reasons.isEmpty)
            }
        }
    }

    @Test("When the connection is cut the broker publishes the last will")
    func lastWill() async throws {
        try await withBroker { broker in
            let relay = try Relay(to: broker.port)
            defer { relay.stop() }
            try await withClient(.test(broker.port, clientID: "watcher", subscriptions: ["state"])) { watcher in
                _ = try await watcher.connection()
                try await withClient(Self.bridge(relay.port)) { bridge in
                    _ = try await bridge.connection()
                    relay.close()
                    try await eventually { watcher.payloads == ["offline"] }
                }
            }
        }
    }

    enum Trouble: CaseIterable { case away, hanging, silentPeer, fullBacklog, handshake }

    /// Alone on a machine it takes less than two seconds; here others run beside it.
    @Test("Leaving ends soon whatever the broker does", arguments: Trouble.allCases)
    func leavesInTime(trouble: Trouble) async throws {
        try await withBroker { broker in
            let silent = try ScriptedPeer { while !$0.read().isEmpty {} }
            defer { silent.stop() }
            // A listener that accepts nothing, its backlog filled: connecting to it hangs in the kernel.
            let full = try FullListener()
            var configuration = Self.bridge(broker.port)
            switch trouble {
            case .away: await broker.stop()
            case .hanging: break
            case .silentPeer: configuration.port = silent.port
            case .fullBacklog: configuration.port = full.port
            case .handshake:
                configuration.port = silent.port
                configuration.tls = MQTTTLSConfiguration()
            }
            let client = try TestClient(configuration)
            let run = Task { try await client.client.run() }
            if trouble == .hanging {
                try await eventually { client.client.counters.connections == 1 }
                broker.freeze()
            } else {
                try await Task.sleep(for: .milliseconds(200))
            }
            let start = ContinuousClock.now
            run.cancel()
            try await run.value
            #expect(ContinuousClock.now - start < .seconds(6))
        }
    }

    @Test("A connection that hangs in the kernel is given up and tried again")
    func connectingIsBounded() async throws {
        let full = try FullListener()
        try await withClient(.test(full.port)) { client in
            try await eventually(timeout: .seconds(20)) { client.reasons == ["the MQTT broker does not answer"] }
        }
    }
}

/// A port whose backlog is full, so that connecting to it takes minutes.
final class FullListener: Sendable {
    let port: Int
    private let sockets: [TCPSocket]

    init() throws {
        let listener = try TCPSocket.listening(on: 0, backlog: 0)
        port = listener.port
        // With no backlog the kernel still takes one connection; the next waits.
        sockets = [listener, try TCPSocket.connected(to: port)]
    }
}
