import Basics
import BridgeCore
import HTTPServing
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The edge between HTTP and the routes: it finds the route of a request, has it admitted, reads its body, and makes
/// every answer safe for browsers.
struct WebResponder: HTTPResponder {
    typealias Context = ConnectedContext

    /// The routes that need a bridge.
    struct Interface: Sendable {
        let topics: TopicRoutes
        let account: AccountRoutes
        let events: EventRoute
        let files: PageFiles
    }

    private static let openAPI = StaticFile("openapi.json", PackageResources.openapi_json)

    let probes: Probes
    /// `nil` if only probes are answered.
    let interface: Interface?
    let gatekeeper: Gatekeeper
    let metrics: WebMetrics

    func respond(to request: Request, context: ConnectedContext) async throws -> Response {
        let destination = Destination(path: request.uri.path, method: request.method)
        let asker = AccessRequest(
            peer: context.peer,
            method: request.method,
            host: request.head.authority,
            headers: request.headers
        )
        var response: Response
        do throws(HTTPFailure) {
            guard let destination else { throw .nothing(at: request.uri.path) }
            response = try await answer(request, at: destination, from: asker, on: context.channel)
        } catch {
            response = destination?.route == .page ? error.text : error.json
        }
        if destination?.route.probe == nil { response.secure(destination?.route, for: asker, by: gatekeeper.access) }
        metrics.count(destination?.route, request.method, response.status)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        _ request: Request,
        at destination: Destination,
        from asker: AccessRequest,
        on channel: any Channel
    ) async throws(HTTPFailure) -> Response {
        let route = destination.route
        if let probe = route.probe {
            try check(request.method, for: route)
            return probes.response(to: probe)
        }
        guard let interface else { throw .nothing(at: request.uri.path) }
        try gatekeeper.access.checkHost(of: asker)
        if route == .page {
            try gatekeeper.admitToPage(asker)
            let response = try interface.files.response(for: destination.parameter, to: request.headers)
            try check(request.method, for: route)
            return response
        }
        let isSignIn = route == .session && request.method == .post
        if !isSignIn { try gatekeeper.admit(asker) }
        try check(request.method, for: route)
        try gatekeeper.access.checkOrigin(of: asker)
        return try await answer(request, at: destination, of: interface, from: asker, on: channel)
    }

    private func answer(
        _ request: Request,
        at destination: Destination,
        of interface: Interface,
        from asker: AccessRequest,
        on channel: any Channel
    ) async throws(HTTPFailure) -> Response {
        let isRead = request.method == .get || request.method == .head
        switch destination.route {
        case .topics: return interface.topics.all()
        case .topic: return try interface.topics.one(destination.parameter)
        case .command:
            let payload = try await object(in: request, on: channel)
            let prefer = request.headers[values: .prefer]
            return try await interface.topics.carryOut(payload, on: destination.parameter, prefer: prefer)
        case .request:
            let body = try await optionalObject(in: request, on: channel)
            return try await interface.account.request(destination.parameter, body)
        case .homes: return interface.topics.homes()
        case .account where isRead: return interface.account.account()
        case .account: return try await interface.account.signIn(object(in: request, on: channel))
        case .backup: return try await interface.account.backup()
        case .events:
            if request.method == .head { return Response(text: "", type: "text/event-stream") }
            return try interface.events.stream(to: request, on: channel) { [gatekeeper] in
                gatekeeper.isStillAdmitted(asker)
            }
        case .session where request.method == .delete:
            return Response(
                status: .noContent,
                headers: [.setCookie: gatekeeper.close(asker), .cacheControl: "no-store"]
            )
        case .session:
            let guess = try await object(in: request, on: channel).texts("password")[0]
            let cookie = try gatekeeper.open(asker, with: Secret(guess))
            return Response(status: .noContent, headers: [.setCookie: cookie, .cacheControl: "no-store"])
        case .openAPI: return Self.openAPI.response(to: request.headers)
        // These are answered before they get here.
        case .page, .health, .ready, .metrics: throw .nothing(at: request.uri.path)
        }
    }

    private func check(_ method: HTTPRequest.Method, for route: Route) throws(HTTPFailure) {
        guard route.methods.contains(method) else { throw .methodNotAllowed(route.methods) }
    }

    private func object(in request: Request, on channel: any Channel) async throws(HTTPFailure) -> JSONValue {
        let value = try await optionalObject(in: request, on: channel)
        guard value != .null else { throw HTTPFailure(.badRequest, "The body is empty; it must be a JSON object.") }
        return value
    }

    /// - Returns: An object, or `null` for an empty body.
    private func optionalObject(in request: Request, on channel: any Channel) async throws(HTTPFailure) -> JSONValue {
        let bytes = try await body(of: request, on: channel)
        guard !bytes.isEmpty else { return .null }
        let value: JSONValue
        do throws(JSONProblem) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw HTTPFailure(.badRequest, "The body is not valid JSON: \(error.reason).")
        }
        guard case .object = value else { throw HTTPFailure(.badRequest, "The body is not a JSON object.") }
        return value
    }

    private func body(of request: Request, on channel: any Channel) async throws(HTTPFailure) -> [UInt8] {
        let limit = IncomingMessage.maximumPayload
        do throws(BodyProblem) {
            return try await request.wholeBody(upTo: limit, on: channel)
        } catch {
            switch error {
            case .tooLarge:
                throw HTTPFailure(
                    .contentTooLarge,
                    "The body is larger than \(limit) bytes.",
                    headers: [.connection: "close"]
                )
            case .endedEarly: throw HTTPFailure(.badRequest, "The body ended too early.")
            }
        }
    }
}

extension HTTPFailure {
    fileprivate static func nothing(at path: String) -> HTTPFailure {
        .notFound("There is nothing at \(path.excerpt).")
    }
}

extension Response {
    /// Tells browsers to run nothing but the page's own files, to show it in no foreign frame, and to tell nobody of it.
    ///
    /// - Parameter route: `nil` for a place that does not exist.
    fileprivate mutating func secure(_ route: Route?, for request: AccessRequest, by access: Access) {
        // Home Assistant shows the page in a frame of its own origin.
        let frames = access.ingressPath(of: request) == nil ? "'none'" : "'self'"
        let sources =
            route == .page
            ? "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
                + " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
            : "default-src 'none'; "
        headers[.contentSecurityPolicy] = "\(sources)frame-ancestors \(frames)"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.referrerPolicy] = "same-origin"
        headers[.crossOriginResourcePolicy] = "same-origin"
    }
}
