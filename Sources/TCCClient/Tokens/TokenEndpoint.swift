public import Basics
import Foundation
import HTTPTypes
import HeatingModel
import Observability

/// What the token endpoint said.
public enum TokenAnswer: Equatable, Sendable {
    case granted(Grant)
    /// `invalid_grant`: it does not accept what it was sent.
    case refused
    /// 429, `attempt_limit_exceeded`.
    case rateLimited(retryAfter: Duration?)
    /// An answer that says nothing about what was sent: 5xx, HTML, a bare string, an unknown error.
    case outOfOrder(String)
    /// No connection was made. The text of this and of the other failures is one sentence for people.
    case notSent(String)
    /// It was sent, and no whole answer came.
    case unanswered(String)

    /// What a success brings.
    public struct Grant: Equatable, Sendable {
        public var accessToken: Secret
        public var lifetime: Duration
        /// The token for the next refresh. The one that was sent is spent.
        public var refreshToken: Secret?

        /// Half an hour, less a second (evohome-async `auth.py`).
        static let usualLifetime = Duration.seconds(1799)

        public init(accessToken: Secret, lifetime: Duration, refreshToken: Secret?) {
            self.accessToken = accessToken
            self.lifetime = lifetime
            self.refreshToken = refreshToken
        }
    }
}

/// `POST /Auth/OAuth/Token`: its two requests and its various answers.
public struct TokenEndpoint: Sendable {
    private let cloud: CloudAddress
    private let transport: any HTTPTransport

    public init(cloud: CloudAddress, transport: any HTTPTransport) {
        self.cloud = cloud
        self.transport = transport
    }

    /// - Throws: `CancellationError` only.
    public func send(_ attempt: TokenAttempt) async throws(CancellationError) -> TokenAnswer {
        do throws(TransportFailure) {
            let answer = try await transport.send(
                cloud.request(.post, "/Auth/OAuth/Token", headerFields: Self.headerFields),
                body: Array(FormEncoding.encode(Self.form(of: attempt)).utf8),
                limit: 1 << 20
            )
            return TokenAnswer(answer)
        } catch {
            switch error {
            case .cancelled: throw CancellationError()
            case .notSent: return .notSent(CloudFailure(error).sentence)
            case .timedOut, .cut: return .unanswered(CloudFailure(error).sentence)
            case .tooLarge: return .outOfOrder(CloudFailure(error).sentence)
            }
        }
    }

    /// The public application id that every open client uses (evohome-async, evohome-client, openHAB).
    private static let applicationID =
        "4a231089-d2b6-41bd-a5eb-16a0a422b999:1a15cdb8-42de-407b-add0-059f92c530cb"

    private static let headerFields: HTTPFields = [
        .accept: "application/json",
        .authorization: "Basic " + Data(applicationID.utf8).base64EncodedString(),
        .cacheControl: "no-cache, no-store",
        .contentType: "application/x-www-form-urlencoded; charset=utf-8",
    ]

    /// The names of fields are case-sensitive, and not all in the same case (evohome-async `auth.py`).
    private static func form(of attempt: TokenAttempt) -> [(name: String, value: String)] {
        let scope = ("scope", "EMEA-V1-Basic EMEA-V1-Anonymous")
        return switch attempt {
        case .refresh(let token):
            [("grant_type", "refresh_token"), scope, ("refresh_token", token.value.revealed)]
        case .logIn(let credentials):
            [
                ("grant_type", "password"), scope, ("Username", credentials.username),
                ("Password", credentials.password.revealed),
            ]
        }
    }
}

extension TokenAnswer {
    /// Reads an answer of any status: some errors arrive as 200, some as HTML, some as a bare string.
    init(_ answer: HTTPAnswer) {
        if answer.status == 429 {
            self = .rateLimited(retryAfter: answer.retryAfter)
            return
        }
        let body = answer.decoded(as: Body.self)
        switch body?.error?.lowercased() {
        case "attempt_limit_exceeded":
            self = .rateLimited(retryAfter: answer.retryAfter)
        case "invalid_grant" where answer.status < 500:
            self = .refused
        case let error? where !error.isEmpty:
            self = .outOfOrder("The cloud's login service answered \(answer.status) with \(Self.naming(error)).")
        default:
            guard answer.status == 200, let access = body?.accessToken, !access.isEmpty else {
                self = .outOfOrder("The cloud's login service answered \(answer.status) with \(answer.summary).")
                return
            }
            let refresh = body?.refreshToken.flatMap { $0.isEmpty ? nil : Secret($0) }
            self = .granted(
                Grant(
                    accessToken: Secret(access),
                    lifetime: body?.lifetime?.duration ?? Grant.usualLifetime,
                    refreshToken: refresh
                )
            )
        }
    }

    /// Only what looks like one of OAuth's own words is repeated: anything else may echo what was sent.
    private static func naming(_ error: String) -> String {
        let isWord = error.count <= 40 && error.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (97...122).contains($0) }
        return isWord ? "the error \(error)" : "an unknown error"
    }

    /// A success has spent the refresh token that was sent, so an odd field must not cost its successor.
    private struct Body: WireObject {
        let accessToken: String?
        let lifetime: WireLifetime?
        let refreshToken: String?
        let error: String?

        init(_ members: WireMembers) throws(WireProblem) {
            accessToken = members.optional("access_token")
            lifetime = members.optional("expires_in")
            refreshToken = members.optional("refresh_token")
            error = members.optional("error")
        }
    }
}

/// Seconds, as a number or as text.
private struct WireLifetime: WireReadable {
    /// Up to a day; `nil` when the value makes no sense.
    let duration: Duration?

    init(_ wire: WireValue) throws(WireProblem) {
        let seconds = wire.number ?? wire.text.flatMap { Double($0) } ?? 0
        // A new token has some life, whatever the field says.
        duration = seconds > 0 ? .seconds(min(seconds, 86_400)) : nil
    }
}
