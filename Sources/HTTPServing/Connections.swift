import NIOCore
import NIOHTTPTypes
import Synchronization

/// The open connections. Beyond a bound the ones that wait for nothing are closed, the longest idle first: a client that
/// opens a thousand of them shuts nobody out.
final class Connections: Sendable {
    private struct Connection {
        let channel: any Channel
        /// When it became idle; `nil` while a request of it is answered.
        var idleSince: ContinuousClock.Instant?
    }

    private let limit: Int
    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { connections.withLock(\.count) }

    fileprivate func opened(_ channel: any Channel) {
        let surplus: (any Channel)? = connections.withLock { connections in
            connections[ObjectIdentifier(channel)] = Connection(channel: channel, idleSince: .now)
            guard connections.count > limit else { return nil }
            // The new one is idle too, so there is always one.
            let idlest = connections.filter { $0.value.idleSince != nil }
                .min { ($0.value.idleSince ?? .now) < ($1.value.idleSince ?? .now) }
            idlest.map { connections[$0.key] = nil }
            return idlest?.value.channel
        }
        surplus?.close(promise: nil)
    }

    fileprivate func set(_ channel: any Channel, isAnswered: Bool) {
        connections.withLock { $0[ObjectIdentifier(channel)]?.idleSince = isAnswered ? .now : nil }
    }

    fileprivate func closed(_ channel: any Channel) {
        connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }
}

/// Reports one connection.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: Connections

    init(_ connections: Connections) {
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        connections.opened(channel)
        channel.closeFuture.whenComplete { [connections] _ in connections.closed(channel) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A request that does not come to its end keeps the connection idle.
        if case .end = unwrapInboundIn(data) { connections.set(context.channel, isAnswered: false) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { connections.set(context.channel, isAnswered: true) }
        context.write(data, promise: promise)
    }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
