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

/// Passes everything on to another port and back, until it is cut. It can be slow, or hold everything back.
public final class Relay: Sendable {
    private let peer: ScriptedPeer
    private let line: Line

    /// How the relay does at the moment.
    private final class Line: Sendable {
        let isOpen = Atomic(true)
        let isHeld = Atomic(false)
        let delay = Atomic(0)
        /// Sees what comes back from the target.
        let watch: (@Sendable ([UInt8]) -> Void)?

        init(_ watch: (@Sendable ([UInt8]) -> Void)?) { self.watch = watch }

        func pump(from source: TCPSocket, to target: TCPSocket, isAnswer: Bool = false) {
            while case let bytes = source.read(), !bytes.isEmpty {
                if isAnswer { watch?(bytes) }
                let milliseconds = delay.load(ordering: .acquiring)
                if milliseconds > 0 { usleep(UInt32(milliseconds) * 1000) }
                while isHeld.load(ordering: .acquiring) { usleep(10_000) }
                target.write(bytes)
            }
        }
    }

    /// - Parameters:
    ///   - target: A port of loopback.
    ///   - watch: Gets every piece that comes back from the target, on a thread of the connection.
    public init(to target: Int, watch: (@Sendable ([UInt8]) -> Void)? = nil) throws {
        let line = Line(watch)
        self.line = line
        peer = try ScriptedPeer { near in
            guard line.isOpen.load(ordering: .acquiring), let far = try? TCPSocket.connected(to: target) else { return }
            Thread.detachNewThread {
                line.pump(from: far, to: near, isAnswer: true)
                near.shutDown()
            }
            line.pump(from: near, to: far)
            far.shutDown()
        }
    }

    public var port: Int { peer.port }

    /// Ends every connection; new ones are taken.
    public func cut() { peer.cut() }

    /// Ends every connection and takes no new one until ``open()``.
    public func close() {
        line.isOpen.store(false, ordering: .releasing)
        peer.cut()
    }

    public func open() { line.isOpen.store(true, ordering: .releasing) }

    /// Lets connections stand, but passes nothing on for as long as `isHeld`.
    public func hold(_ isHeld: Bool) { line.isHeld.store(isHeld, ordering: .releasing) }

    /// - Parameter milliseconds: How long each piece takes, beside what the network takes.
    public func delay(by milliseconds: Int) { line.delay.store(milliseconds, ordering: .releasing) }

    public func stop() {
        hold(false)
        peer.stop()
    }
}
