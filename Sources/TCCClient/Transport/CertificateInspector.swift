public import Basics
public import NIOCore
public import NIOPosix
import NIOSSL

/// The dates of the certificate that a host presents.
public struct CloudCertificate: Equatable, Sendable {
    public var host: String
    public var begins: Instant
    public var ends: Instant

    public init(host: String, begins: Instant, ends: Instant) {
        self.host = host
        self.begins = begins
        self.ends = ends
    }

    /// How long before its end a certificate is worth a warning: those of the vendor are renewed a month before.
    public static let warningPeriod = Duration.seconds(14 * 86_400)

    /// A warning in one sentence; `nil` until 14 days before the end.
    public func warning(at now: Instant) -> String? {
        guard now + Self.warningPeriod >= ends else { return nil }
        if now >= ends { return "The certificate of \(host) has expired at \(ends)." }
        return
            "The certificate of \(host) expires at \(ends); without a new one the cloud cannot be reached after that."
    }
}

/// Reads the certificate that a host presents, in a TLS handshake of its own.
///
/// The handshake always ends before it is complete, so nothing is ever sent to a host that was not verified. Requests
/// do not depend on what it finds.
public struct CertificateInspector: Sendable {
    private let group: any EventLoopGroup
    private let timeout: Duration

    /// - Parameters:
    ///   - group: Where the connection lives.
    ///   - timeout: The limit for the whole handshake.
    public init(
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        timeout: Duration = .seconds(10)
    ) {
        self.group = group
        self.timeout = timeout
    }

    /// - Returns: `nil` for an address without TLS.
    /// - Throws: ``ConnectionProblem`` when no certificate could be read.
    public func certificate(of address: CloudAddress) async throws(ConnectionProblem) -> CloudCertificate? {
        guard address.scheme == "https" else { return nil }
        let (host, port) = address.endpoint
        do {
            let certificate = try await leaf(host: host, port: port)
            return CloudCertificate(
                host: host,
                begins: Instant(millisecondsSince1970: Int(certificate.notValidBefore) * 1000),
                ends: Instant(millisecondsSince1970: Int(certificate.notValidAfter) * 1000)
            )
        } catch {
            throw ConnectionProblem(error, host: host) ?? .other
        }
    }

    /// Why a certificate was not accepted: TLS itself says only that it was not.
    func reason(for address: CloudAddress, at now: Instant) async -> ConnectionProblem {
        guard let certificate = try? await certificate(of: address) else { return .certificateNotTrusted }
        if now < certificate.begins { return .certificateNotValidYet }
        if now >= certificate.ends { return .certificateExpired }
        return .certificateNotTrusted
    }

    private func leaf(host: String, port: Int) async throws -> NIOSSLCertificate {
        let context = try NIOSSLContext(configuration: .makeClientConfiguration())
        let loop = group.next()
        let found = loop.makePromise(of: NIOSSLCertificate.self)
        let deadline = loop.scheduleTask(in: .nanoseconds(timeout.nanosecondsOfTimeout)) {
            found.fail(ChannelError.connectTimeout(.nanoseconds(timeout.nanosecondsOfTimeout)))
        }
        defer { deadline.cancel() }
        let connecting = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(timeout.nanosecondsOfTimeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try NIOSSLClientHandler(
                        context: context,
                        serverHostname: host.isIPAddress ? nil : host,
                        customVerificationCallback: { chain, verified in
                            if let leaf = chain.first { found.succeed(leaf) }
                            verified.succeed(.failed)
                        }
                    )
                    try channel.pipeline.syncOperations.addHandlers([tls, FailureWatch(found)])
                }
            }
            .connect(host: host, port: port)
        connecting.whenFailure { found.fail($0) }
        defer { connecting.whenSuccess { $0.close(promise: nil) } }
        return try await found.futureResult.get()
    }
}

/// Ends the wait when the handshake fails before there is a certificate.
private final class FailureWatch: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let found: EventLoopPromise<NIOSSLCertificate>

    init(_ found: EventLoopPromise<NIOSSLCertificate>) {
        self.found = found
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        found.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        found.fail(ConnectionProblem.closed)
    }
}

extension Duration {
    fileprivate var nanosecondsOfTimeout: Int64 { Int64(min(max(self, .zero), .seconds(3600)) / .nanoseconds(1)) }
}

extension String {
    fileprivate var isIPAddress: Bool { (try? SocketAddress(ipAddress: self, port: 0)) != nil }
}
