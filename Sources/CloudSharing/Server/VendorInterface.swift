import Basics
import BridgeCore
import HTTPServing
import HeatingModel
import Logging
import ServiceLifecycle

/// The vendor's interface without HTTP: requests go in, answers come out.
struct VendorInterface: Sendable {
    /// How long a change may wait for its turn. Clients give up after half a minute.
    static let patience = Duration.seconds(25)

    let answers: VendorAnswers
    let bridge: any SharedBridge
    let keeper: GrantKeeper
    let counts: ShareCounts
    /// Whether clients may change anything.
    let isWritable: Bool
    /// Whether API v1 is read at all.
    let hasAPIv1: Bool
    let clock: any WallClock
    let logger: Logger

    /// - Parameters:
    ///   - peer: Where it comes from.
    ///   - agent: Its `User-Agent`.
    func answer(_ request: VendorRequest, from peer: NetworkAddress?, agent: String?) async -> VendorReply {
        let reply: VendorReply
        var saving = ShareCounts.Saving.nothing
        do throws(VendorRefusal) {
            reply = try await route(request, from: peer, &saving)
        } catch {
            saving = .nothing
            reply = error.reply
            if error.isUnknownRequest, let shape = counts.countUnknown(request.method, request.path) {
                logger.notice("A client asked for something that is not shared", metadata: ["request": "\(shape)"])
            }
        }
        counts.count(request.method, from: agent, status: reply.status, saving: saving)
        return reply
    }

    private func route(
        _ request: VendorRequest,
        from peer: NetworkAddress?,
        _ saving: inout ShareCounts.Saving
    ) async throws(VendorRefusal) -> VendorReply {
        let path = request.path.lowercased()
        if path == "/auth/oauth/token" {
            let reply = try await keeper.token(for: request, from: peer)
            saving = .login
            return reply
        }
        if path.hasPrefix(VendorPathV1.base) { return try await routeV1(request, from: peer, &saving) }
        guard path.hasPrefix(VendorPath.base), let resource = VendorPath(request.path.dropFirst(VendorPath.base.count))
        else { throw .unknownPath }
        guard resource.methods.contains(request.method) else {
            // Unlike all others, this path is not found with other methods.
            if case .entity(_, id: _, .setpoint) = resource { throw .unknownPath }
            throw .wrongMethod(request.method)
        }
        let dialect = try keeper.dialect(of: request)
        if request.method == "GET" {
            let reader = APIv2Reader(answers: answers, bridge: bridge, clock: clock)
            let (reply, isSaved) = try await reader.answer(resource, to: request, in: dialect)
            saving = isSaved ? .call : .nothing
            return reply
        }
        guard case .entity(let kind, let id, let aspect) = resource else { throw .unknownPath }
        try checkWritable()
        let call = try VendorCall(aspect, of: kind, id, request.body, in: try installation(), at: clock.now)
        return .json(["id": .string(try await make(call))], status: 201)
    }

    private func routeV1(
        _ request: VendorRequest,
        from peer: NetworkAddress?,
        _ saving: inout ShareCounts.Saving
    ) async throws(VendorRefusal) -> VendorReply {
        guard let resource = VendorPathV1(request.path.dropFirst(VendorPathV1.base.count)) else { throw .unknownPath }
        guard resource.methods.contains(request.method) else {
            if resource == .locations { throw .unknownQuery(request.path) }
            throw .wrongMethod(request.method)
        }
        guard hasAPIv1 else { throw .unavailable(retryAfter: 3600) }
        let reader = APIv1Reader(answers: answers, bridge: bridge, clock: clock)
        if resource == .session, request.method == "POST" {
            let reply = try await openSession(request, from: peer, reader)
            saving = .login
            return reply
        }
        try await keeper.checkSession(of: request)
        switch (resource, request.method) {
        case (.session, let method):
            if method == "DELETE" { await keeper.closeSession(of: request) }
            return .json([:])
        case (.systems, _):
            try checkWritable()
            return try await makeV1(
                VendorCall(
                    modeOf: request.parameter("locationId"),
                    request.body,
                    in: try installation(),
                    at: clock.now
                )
            )
        case (.device(let id, let part), "PUT"):
            try checkWritable()
            return try await makeV1(
                VendorCall(part, ofDevice: id, request.body, in: try installation(), at: clock.now)
            )
        default:
            let reply = try reader.answer(resource, to: request)
            saving = .call
            return reply
        }
    }

    /// The fields come as JSON or as a form.
    private func openSession(
        _ request: VendorRequest,
        from peer: NetworkAddress?,
        _ reader: APIv1Reader
    ) async throws(VendorRefusal) -> VendorReply {
        let body = try? VendorBody(request.body)
        let form = Dictionary(request.form.map { ($0.key.lowercased(), $0.value) }) { $1 }
        func field(_ name: String) -> String? { body?.text(name) ?? (body == nil ? form[name.lowercased()] : nil) }
        guard field("applicationId") != nil else { throw .missing("ApplicationId") }
        let account = try reader.account()
        let id = try await keeper.openSession(field("username"), field("password"), from: peer)
        let head = Array("{\"sessionId\":\"\(id)\",\"userInfo\":".utf8)
        return VendorReply(head + account + Array("}".utf8))
    }

    // MARK: - Changes

    private func checkWritable() throws(VendorRefusal) {
        guard isWritable else { throw .readOnly }
    }

    private func installation() throws(VendorRefusal) -> Installation {
        guard let installation = bridge.installation else { throw .unavailable(retryAfter: 5) }
        return installation
    }

    private func makeV1(_ call: VendorCall) async throws(VendorRefusal) -> VendorReply {
        .json(["id": .integer(Int(try await make(call)) ?? 0)], status: 201)
    }

    /// Makes a call in its turn.
    ///
    /// - Returns: The id of the task.
    private func make(_ call: VendorCall) async throws(VendorRefusal) -> String {
        // Without a state nothing can be followed.
        guard bridge.site(of: call.target.systemID)?.status != nil else { throw .unavailable(retryAfter: 5) }
        let answer = await cancelWhenGracefulShutdown {
            await bridge.make(call.call, of: call.target, requested: call.requested, patience: Self.patience)
        }
        switch answer {
        case .accepted(let task): return task?.text ?? "0"
        case .failed(let failure): throw VendorRefusal(failure, at: clock.now)
        case .ended(let outcome):
            switch outcome.kind {
            case .superseded: throw .overtaken
            case .expired: throw .unavailable(retryAfter: 30)
            case .rejected: throw .outOfRange(outcome.message ?? "Invalid Input.")
            case .failed, .succeeded: throw .internalError
            }
        }
    }
}
