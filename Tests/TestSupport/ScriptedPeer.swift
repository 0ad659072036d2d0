import Foundation
import Synchronization

/// A server that does to each connection what a test says, on a thread of its own.
public final class ScriptedPeer: Sendable {
    public let port: Int
    private let listener: TCPSocket
    private let peers = Mutex<[TCPSocket]>([])
    private let accepted = Atomic(0)

    /// Runs the script for each connection; it blocks as it likes, and the connection is closed when it returns.
    public init(script: @escaping @Sendable (TCPSocket) -> Void) throws {
        listener = try TCPSocket.listening(on: 0)
        port = listener.port
        Thread.detachNewThread { [self] in
            while let peer = listener.accept() {
                accepted.add(1, ordering: .relaxed)
                peers.withLock { $0.append(peer) }
                Thread.detachNewThread {
                    script(peer)
                    peer.shutDown()
                }
            }
        }
    }

    /// How many connections there have been.
    public var connections: Int { accepted.load(ordering: .relaxed) }

    /// Ends the connections that there are; new ones are taken.
    public func cut() {
        for peer in peers.withLock({ $0.take() }) { peer.shutDown() }
    }

    public func stop() {
        listener.shutDown()
        cut()
    }
}

extension [TCPSocket] {
    fileprivate mutating func take() -> [TCPSocket] {
        defer { self = [] }
        return self
    }
}

/// Passes everything on to another port and back, until it is cut.
public final class Relay: Sendable {
    private let peer: ScriptedPeer
    private let isOpen: Switch

    private final class Switch: Sendable {
        let isOn = Atomic(true)
    }

    public init(to target: Int) throws {
        let isOpen = Switch()
        self.isOpen = isOpen
        peer = try ScriptedPeer { near in
            guard isOpen.isOn.load(ordering: .acquiring), let far = try? TCPSocket.connected(to: target) else { return }
            Thread.detachNewThread {
                Self.pump(from: far, to: near)
                near.shutDown()
            }
            Self.pump(from: near, to: far)
            far.shutDown()
        }
    }

    public var port: Int { peer.port }

    /// Ends every connection and takes no new one until ``open()``.
    public func close() {
        isOpen.isOn.store(false, ordering: .releasing)
        peer.cut()
    }

    public func open() { isOpen.isOn.store(true, ordering: .releasing) }

    public func stop() { peer.stop() }

    private static func pump(from source: TCPSocket, to target: TCPSocket) {
        while case let bytes = source.read(), !bytes.isEmpty { target.write(bytes) }
    }
}
