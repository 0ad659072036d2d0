import Foundation
import Glibc

/// A blocking TCP socket on loopback, for peers that say exactly what a test wants.
public final class TCPSocket: Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens on a port, 0 for a free one. Beyond the backlog connecting hangs until one is accepted.
    public static func listening(on port: Int, backlog: Int = 16) throws -> TCPSocket {
        let socket = TCPSocket(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var on: Int32 = 1
        setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        try socket.withAddress(port: port) { address, size in
            guard bind(socket.descriptor, address, size) == 0, listen(socket.descriptor, Int32(backlog)) == 0 else {
                throw Failure(description: "cannot listen on port \(port): errno \(errno)")
            }
        }
        return socket
    }

    public static func connected(to port: Int) throws -> TCPSocket {
        let socket = TCPSocket(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        try socket.withAddress(port: port) { address, size in
            guard connect(socket.descriptor, address, size) == 0 else {
                throw Failure(description: "cannot connect to port \(port): errno \(errno)")
            }
        }
        return socket
    }

    /// The port that this end has.
    public var port: Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Waits for a peer; nil when the socket has been shut down.
    public func accept() -> TCPSocket? {
        let peer = Glibc.accept(descriptor, nil, nil)
        return peer >= 0 ? TCPSocket(peer) : nil
    }

    /// Waits for bytes; empty when there will be none any more.
    public func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return Array(buffer.prefix(max(0, count)))
    }

    public func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Says that nothing more will be written.
    public func endWriting() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends both directions, and with them every call that waits on the socket.
    public func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Void) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A port of loopback that nothing listened on a moment ago.
public func freePort() throws -> Int { try TCPSocket.listening(on: 0).port }

/// Runs what blocks on a thread that nobody else waits for.
public func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: work()) }
    }
}
