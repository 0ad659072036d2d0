import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL

/// One socket of a simulator.
struct SimulatorListener<Responder: HTTPResponder> where Responder.Context == ConnectionContext {
    private let application: Application<Responder>

    /// - Throws: ``SimulatorError/unusableCertificate(path:reason:)``.
    init(
        _ address: SimulatorConfiguration.Address,
        certificate: SimulatorConfiguration.Certificate?,
        responder: Responder,
        logger: Logger,
        onListening: @escaping @Sendable (SimulatorConfiguration.Address) -> Void
    ) throws {
        var quiet = logger
        // The library's notices of each start would repeat ours.
        quiet.logLevel = max(logger.logLevel, .warning)
        application = Application(
            responder: responder,
            server: try Self.server(certificate),
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
            onServerRunning: { channel in
                onListening(.init(host: address.host, port: channel.localAddress?.port ?? address.port))
            },
            logger: quiet
        )
    }

    func run() async throws {
        try await application.run()
    }

    private static func server(_ certificate: SimulatorConfiguration.Certificate?) throws -> HTTPServerBuilder {
        guard let certificate else { return .http1() }
        var path = certificate.certificatePath
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(path)
            path = certificate.keyPath
            let key = try NIOSSLPrivateKey(file: path, format: .pem)
            let tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            return try .tls(.http1(), tlsConfiguration: tls)
        } catch {
            throw SimulatorError.unusableCertificate(path: path, reason: "\(error)")
        }
    }
}

/// A request's context that can reach its connection, so that a fault can break it.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
