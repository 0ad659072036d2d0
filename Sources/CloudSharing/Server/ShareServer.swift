public import Basics
import Foundation
import HTTPServing
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
public import NIOSSL
public import ServiceLifecycle

/// Serves the vendor's interface to other programs.
public struct ShareServer: Service {
    /// Who may use it, and for what.
    public struct Access: Sendable {
        public var username: String
        public var password: Secret
        /// Whether clients may change anything.
        public var isWritable: Bool

        public init(username: String, password: Secret, isWritable: Bool) {
            self.username = username
            self.password = password
            self.isWritable = isWritable
        }
    }

    private let host: String
    private let port: Int
    private let tls: TLSConfiguration?
    private let interface: VendorInterface
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) -> Void

    /// - Parameters:
    ///   - host: A name or an address of this machine.
    ///   - port: 0 for any free one; the log says which.
    ///   - tls: `nil` for plain HTTP, which is for loopback only.
    ///   - access: Who may use it.
    ///   - answers: The cloud's last answers.
    ///   - bridge: Carries changes out.
    ///   - grants: Keeps tokens of clients.
    ///   - counts: Counts requests.
    ///   - hasAPIv1: Whether API v1 is read at all.
    ///   - onListening: Called with the port once it listens.
    public init(
        host: String,
        port: Int,
        tls: TLSConfiguration?,
        access: Access,
        answers: VendorAnswers,
        bridge: any SharedBridge,
        grants: any GrantStore,
        counts: ShareCounts,
        hasAPIv1: Bool,
        clock: any WallClock,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.logger = logger
        self.onListening = onListening
        interface = VendorInterface(
            answers: answers,
            bridge: bridge,
            keeper: GrantKeeper(
                username: access.username,
                password: access.password,
                store: grants,
                clock: clock,
                logger: logger
            ),
            counts: counts,
            isWritable: access.isWritable,
            hasAPIv1: hasAPIv1,
            clock: clock,
            logger: logger
        )
    }

    /// Listens until graceful shutdown.
    ///
    /// - Throws: ``HTTPServing/ListeningFailure`` when it cannot.
    public func run() async throws {
        let listener = HTTPListener(
            host: host,
            port: port,
            tls: tls,
            maximumConnections: 128,
            responder: ShareResponder(interface: interface),
            logger: logger
        ) { [logger, host, onListening] port in
            logger.notice("Sharing the cloud", metadata: ["address": "\(host):\(port)"])
            onListening(port)
        }
        try await listener.run()
    }
}

/// The edge between HTTP and the vendor's interface.
struct ShareResponder: HTTPResponder {
    /// A schedule takes some 5 kB.
    private static let largestBody = 64 << 10

    let interface: VendorInterface

    func respond(to request: Request, context: ConnectedContext) async throws -> Response {
        let reply: VendorReply
        do throws(BodyProblem) {
            let body = try await request.wholeBody(upTo: Self.largestBody, on: context.channel)
            reply = await interface.answer(
                VendorRequest(request, body: body),
                from: context.peer,
                agent: request.headers[.userAgent]
            )
        } catch {
            switch error {
            case .tooLarge: reply = VendorRefusal.tooLarge.reply
            case .endedEarly: reply = VendorRefusal.invalidInput.reply
            }
        }
        var headers: HTTPFields = [.contentType: reply.contentType, .cacheControl: "no-store"]
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: .init(code: reply.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
        )
    }
}

extension VendorRequest {
    init(_ request: Request, body: [UInt8]) {
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts[0])
        self.init(
            method: request.method.rawValue,
            path: path.removingPercentEncoding ?? path,
            query: parts.count > 1 ? FormFields.read(parts[1]) : [],
            authorization: request.headers[.authorization],
            session: HTTPField.Name("sessionId").flatMap { request.headers[$0] },
            body: body
        )
    }
}
