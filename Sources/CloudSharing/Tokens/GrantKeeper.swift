import Basics
import BridgeCore
import HTTPServing
import Logging
import Synchronization

/// Where tokens of clients are kept over a restart.
public protocol GrantStore: Sendable {
    /// As an earlier run has left them.
    func grants() -> Grants
    /// Keeps them. They are on the disk when this returns, or the failure is reported.
    ///
    /// - Parameter present: Returns what is to be kept, at the moment of writing.
    func remember(_ present: @escaping @Sendable () -> Grants) async
}

/// Lets clients log in with the share's own user name and password, gives them tokens and checks those.
final class GrantKeeper: Sendable {
    /// Wrong passwords a minute for one peer, before it is refused as the cloud does it.
    private static let guesses = 10

    private struct State {
        var grants: Grants
        var wrongPasswords = WrongPasswords(limit: GrantKeeper.guesses)
    }

    private let username: String
    private let password: Secret
    private let store: any GrantStore
    private let clock: any WallClock
    private let logger: Logger
    private let state: Mutex<State>

    init(username: String, password: Secret, store: any GrantStore, clock: any WallClock, logger: Logger) {
        self.username = username
        self.password = password
        self.store = store
        self.clock = clock
        self.logger = logger
        state = Mutex(State(grants: store.grants()))
    }

    // MARK: - API v2

    /// `POST /Auth/OAuth/Token`.
    func token(for request: VendorRequest, from peer: NetworkAddress?) async throws(VendorRefusal) -> VendorReply {
        guard request.method == "POST" else { throw .wrongMethod(request.method) }
        guard let dialect = Dialect(authorization: request.authorization) else { throw .token("invalid_client") }
        let form = request.form
        let pair = Grants.Pair(access: Self.makeToken(), refresh: Self.makeToken())
        let now = clock.now
        switch form["grant_type"] {
        case "password":
            switch logIn(form["Username"], form["Password"], from: peer) {
            case .accepted: state.withLock { $0.grants.add(pair, dialect, at: now) }
            case .refused: throw .token("invalid_grant")
            case .tooMany: throw .token("attempt_limit_exceeded", status: 429)
            }
        case "refresh_token":
            let old = Secret(form["refresh_token"] ?? "")
            guard state.withLock({ $0.grants.exchange(old, for: pair, at: now) }) else { throw .token("invalid_grant") }
        default: throw .token("unsupported_grant_type")
        }
        await keep()
        return .json([
            "access_token": .string(pair.access.revealed),
            "token_type": "bearer",
            "expires_in": .integer(Int(Grants.accessLifetime.components.seconds) - 1),
            "refresh_token": .string(pair.refresh.revealed),
            "scope": .string(form["scope"] ?? "EMEA-V1-Basic EMEA-V1-Anonymous"),
        ])
    }

    /// - Returns: How the client spells the vendor's JSON.
    func dialect(of request: VendorRequest) throws(VendorRefusal) -> Dialect {
        let parts = request.authorization?.split(separator: " ") ?? []
        let now = clock.now
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let dialect = state.withLock({ $0.grants.dialect(of: Secret(String(parts[1])), at: now) })
        else { throw .unauthorised }
        return dialect
    }

    // MARK: - API v1

    /// - Returns: The session's id.
    func openSession(
        _ username: String?,
        _ password: String?,
        from peer: NetworkAddress?
    ) async throws(VendorRefusal) -> String {
        switch logIn(username, password, from: peer) {
        case .accepted: break
        case .refused: throw .wrongPasswordV1
        case .tooMany: throw .tooManyRequests(retryAfter: nil)
        }
        let id = Self.makeSessionID()
        let now = clock.now
        state.withLock { $0.grants.openSession(Secret(id), at: now) }
        await keep()
        return id
    }

    func checkSession(of request: VendorRequest) async throws(VendorRefusal) {
        let id = Secret(request.session?.uppercased() ?? "")
        let now = clock.now
        let (isOpen, isNews) = state.withLock { $0.grants.useSession(id, at: now) }
        guard isOpen else { throw .unauthorisedV1 }
        if isNews { await keep() }
    }

    func closeSession(of request: VendorRequest) async {
        let id = Secret(request.session?.uppercased() ?? "")
        state.withLock { $0.grants.closeSession(id) }
        await keep()
    }

    // MARK: - Passwords

    private enum Login { case accepted, refused, tooMany }

    private func logIn(_ username: String?, _ password: String?, from peer: NetworkAddress?) -> Login {
        let now = clock.uptime
        guard state.withLock({ $0.wrongPasswords.wait(for: peer, at: now) }) == nil else { return .tooMany }
        let isUser = username?.lowercased() == self.username.lowercased()
        let isRight = Secret(password ?? "").isSame(as: self.password)
        guard isUser, isRight else {
            state.withLock { $0.wrongPasswords.record(peer, at: now) }
            // Neither what was typed nor a part of it: it may be the password of the account.
            logger.warning(
                "A client gave a wrong user name or password; it must be share.username and its password",
                metadata: ["from": "\(peer?.description ?? "unknown")"]
            )
            return .refused
        }
        return .accepted
    }

    private func keep() async {
        await store.remember { [self] in state.withLock(\.grants) }
    }

    // MARK: - Randomness

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// 384 bits.
    private static func makeToken() -> Secret {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<64).map { _ in alphabet[Int.random(in: 0..<64, using: &random)] }
        return Secret(String(decoding: bytes, as: UTF8.self))
    }

    /// In the form of a GUID, as the vendor's.
    private static func makeSessionID() -> String {
        var random = SystemRandomNumberGenerator()
        let digits = Array("0123456789ABCDEF")
        return [8, 4, 4, 4, 12].map { count in
            String((0..<count).map { _ in digits[Int.random(in: 0..<16, using: &random)] })
        }.joined(separator: "-")
    }
}
