public import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
public import NIOCore
public import NIOSSL

/// One socket that answers HTTP, with bounds on connections, headers and idle time.
public struct HTTPListener<Responder: HTTPResponder>: Sendable where Responder.Context == ConnectedContext {
    private let host: String
    private let port: Int
    private let tls: TLSConfiguration?
    private let maximumConnections: Int
    private let responder: Responder
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) -> Void

    /// - Parameters:
    ///   - host: A name or an address of this machine.
    ///   - port: 0 for any free one.
    ///   - tls: `nil` for plain HTTP.
    ///   - maximumConnections: Beyond it idle connections are closed. Less than the files that a process may have open.
    ///   - responder: Answers requests.
    ///   - logger: Gets the library's warnings.
    ///   - onListening: Called with the port once it listens.
    public init(
        host: String,
        port: Int,
        tls: TLSConfiguration? = nil,
        maximumConnections: Int,
        responder: Responder,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.maximumConnections = maximumConnections
        self.responder = responder
        self.logger = logger
        self.onListening = onListening
    }

    /// Listens until graceful shutdown.
    ///
    /// - Throws: ``ListeningFailure`` when it cannot.
    public func run() async throws {
        do {
            try await application().run()
        } catch let error as IOError {
            throw ListeningFailure(host: host, port: port, errorNumber: error.errnoCode)
        } catch let error as SocketAddressError {
            throw ListeningFailure(host: host, port: port, reason: "\(error)")
        }
    }

    private func application() throws -> some ApplicationProtocol {
        var quiet = logger
        // Hummingbird's own notices of each start would repeat ours.
        quiet.logLevel = max(logger.logLevel, .warning)
        let connections = Connections(limit: maximumConnections)
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionHandler(connections)],
                idleTimeout: .seconds(60),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: 8 << 10,
                    maxHeaderListSize: 16 << 10,
                    maxHeaderFieldCount: 100
                )
            )
        )
        return Application(
            responder: responder,
            server: try tls.map { try HTTPServerBuilder.tls(plain, tlsConfiguration: $0) } ?? plain,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [port, onListening] channel in onListening(channel.localAddress?.port ?? port) },
            logger: quiet
        )
    }
}

/// The context of a request with its connection.
public struct ConnectedContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    public let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Where the connection comes from.
    public var peer: NetworkAddress? { channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0) } }
}
