import Synchronization
import TestSupport
import Testing

@testable import MosquittoClient

@Suite("A message is kept before it is acknowledged", .timeLimit(.minutes(1)))
struct KeeperTests {
    /// Takes its time over each message.
    private final class SlowKeeper: MessageKeeper {
        let sessions = Mutex<[Bool]>([])
        let packets = Mutex<[Int?]>([])
        let isKept = Atomic(false)
        private let answer: MessageKeeping

        init(_ answer: MessageKeeping = .kept(as: 42)) { self.answer = answer }

        func connected(resumesSession: Bool) { sessions.withLock { $0.append(resumesSession) } }

        func keep(_ message: MQTTMessage, packet: Int?) -> MessageKeeping {
            packets.withLock { $0.append(packet) }
            usleepOneTenth()
            isKept.store(true, ordering: .sequentiallyConsistent)
            return answer
        }

        private func usleepOneTenth() {
            let end = ContinuousClock.now + .milliseconds(100)
            while ContinuousClock.now < end {}
        }
    }

    /// PUBLISH with QoS 1 on the topic `t`, packet 7, no properties, payload `x`.
    private static let publish: [UInt8] = [0x32, 7, 0, 1, UInt8(ascii: "t"), 0, 7, 0, UInt8(ascii: "x")]
    /// CONNACK of a resumed session.
    private static let resumed: [UInt8] = [0x20, 3, 1, 0, 0]

    @Test("The acknowledgement leaves only afterwards")
    func order() async throws {
        let keeper = SlowKeeper()
        let wasKept = Mutex<Bool?>(nil)
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(Self.resumed + Self.publish)
            // PUBACK of packet 7; what comes before it are subscriptions, of which there are none.
            let bytes = connection.read()
            if bytes.starts(with: [0x40, 2, 0, 7]) {
                wasKept.withLock { $0 = keeper.isKept.load(ordering: .sequentiallyConsistent) }
            }
            while !connection.read().isEmpty {}
        }
        defer { peer.stop() }
        var configuration = MQTTConfiguration.test(peer.port)
        configuration.keeper = keeper
        try await withClient(configuration) { client in
            try await eventually { !client.messages.isEmpty && wasKept.withLock(\.self) != nil }
            #expect(client.messages.first?.keptAs == 42)
        }
        #expect(wasKept.withLock(\.self) == true)
        #expect(keeper.packets.withLock(\.self) == [7])
        #expect(keeper.sessions.withLock(\.self) == [true])
    }

    @Test("What is dropped is acknowledged all the same, and goes no further")
    func dropped() async throws {
        let keeper = SlowKeeper(.dropped)
        let acknowledged = Atomic(false)
        let peer = try ScriptedPeer { connection in
            _ = connection.read()
            connection.write(Self.resumed + Self.publish)
            acknowledged.store(connection.read().starts(with: [0x40, 2, 0, 7]), ordering: .sequentiallyConsistent)
            while !connection.read().isEmpty {}
        }
        defer { peer.stop() }
        var configuration = MQTTConfiguration.test(peer.port)
        configuration.keeper = keeper
        try await withClient(configuration) { client in
            try await eventually { acknowledged.load(ordering: .sequentiallyConsistent) }
            #expect(client.messages.isEmpty)
        }
    }
}
