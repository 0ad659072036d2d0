import Basics
import HTTPTypes
import HeatingModel
import Observability

@testable import TCCClient

/// One row of the decision table: everything a token client can find itself in, and what happens then.
struct TokenCase: Sendable {
    enum Access: CaseIterable { case none, valid, aboutToExpire, expired, refused, nonsense, year9999, longPast }
    enum Refresh: CaseIterable { case none, untried, refused, refusedLongAgo }
    enum Password: CaseIterable { case none, set, refused, refusedLongAgo, changed }
    enum Budget: CaseIterable { case free, spent, pendingAfterCrash }
    enum Pause: CaseIterable { case none, outage, rateLimit, over, fromTheFuture }
    enum Event: CaseIterable {
        case callerAsks, granted, grantedWithoutRefresh, okInvalidGrant, okOtherError, badRequestInvalidGrant,
            badRequestOther, callAnswered401, limitedWithRetryAfter, limited, serverError, html, bareString, timeout,
            cut,
            notSent
    }

    var access: Access
    var refresh: Refresh
    var password: Password
    var budget: Budget
    var pause: Pause
    var event: Event

    static let now = Instant(millisecondsSince1970: 1_795_500_000_000)
    static let credentials = Credentials(username: "someone@example.com", password: Secret("open sesame"))
    static let earlier = Credentials(username: "someone@example.com", password: Secret("before the change"))
    static let usedToken = Secret("access-in-use")
    static let refreshSecret = Secret("refresh-at-hand")

    static func forEach(_ body: (TokenCase) throws -> Void) rethrows {
        for access in Access.allCases {
            for refresh in Refresh.allCases {
                for password in Password.allCases {
                    for budget in Budget.allCases {
                        for pause in Pause.allCases {
                            for event in Event.allCases {
                                try body(
                                    TokenCase(
                                        access: access,
                                        refresh: refresh,
                                        password: password,
                                        budget: budget,
                                        pause: pause,
                                        event: event
                                    )
                                )
                            }
                        }
                    }
                }
            }
        }
    }

    var credentials: Credentials? { password == .none ? nil : Self.credentials }

    /// As it comes from the disk.
    var memory: TokenMemory {
        var memory = TokenMemory(salt: 7)
        memory.access = accessToken
        memory.refresh = refreshToken
        memory.logins = logins
        memory.pause = tokenPause
        if access == .refused, let token = memory.access { memory.discard(token) }
        return memory
    }

    private var accessToken: AccessToken? {
        let now = Self.now
        let (expires, obtained): (Instant, Instant?)
        switch access {
        case .none: return nil
        case .valid, .refused: (expires, obtained) = (now + .seconds(1000), now - .seconds(799))
        case .aboutToExpire: (expires, obtained) = (now + .seconds(30), now - .seconds(1769))
        case .expired: (expires, obtained) = (now - .seconds(1), now - .seconds(1800))
        case .nonsense: (expires, obtained) = (now + .seconds(30 * 86_400), nil)
        case .year9999: (expires, obtained) = (.latest, nil)
        case .longPast: (expires, obtained) = (.earliest, now)
        }
        return AccessToken(value: Self.usedToken, expires: expires, obtained: obtained)
    }

    private var refreshToken: RefreshToken? {
        let now = Self.now
        return switch refresh {
        case .none: nil
        case .untried: RefreshToken(value: Self.refreshSecret)
        case .refused: RefreshToken(value: Self.refreshSecret, refusals: Refusals(last: now - .seconds(60)))
        case .refusedLongAgo: RefreshToken(value: Self.refreshSecret, refusals: Refusals(last: now - .seconds(9000)))
        }
    }

    private var logins: LoginBudget {
        let now = Self.now
        var logins = LoginBudget(salt: 7)
        if budget == .spent {
            for minute in 1...6 { logins.succeeded(at: now - .seconds(60 * (40 - minute))) }
        }
        let refusedAt: Instant? =
            switch password {
            case .refused, .changed: now - .seconds(120)
            case .refusedLongAgo: now - .seconds(9000)
            case .none, .set: nil
            }
        if let refusedAt {
            logins.began(with: password == .changed ? Self.earlier : Self.credentials, at: refusedAt)
            logins.wasRefused(at: refusedAt)
        }
        if budget == .pendingAfterCrash {
            logins.began(with: password == .changed ? Self.earlier : Self.credentials, at: now - .seconds(60))
        }
        return logins
    }

    private var tokenPause: TokenPause? {
        let now = Self.now
        func made(_ reason: TokenPause.Reason, from: Instant, for length: Duration) -> TokenPause {
            TokenPause(reason: reason, began: from, over: from + length, failures: 2)
        }
        return switch pause {
        case .none: nil
        case .outage: made(.unreachable, from: now - .seconds(5), for: .seconds(20))
        case .rateLimit: made(.rateLimited, from: now - .seconds(5), for: .seconds(600))
        case .over: made(.rateLimited, from: now - .seconds(601), for: .seconds(600))
        case .fromTheFuture: made(.rateLimited, from: now + .seconds(86_400 * 365), for: .seconds(600))
        }
    }
}

extension TokenCase.Event {
    /// What the token endpoint is found to have said, read from the bytes where there are any.
    var answer: TokenAnswer? {
        func json(_ status: Int, _ text: String, _ fields: HTTPFields = [:]) -> TokenAnswer {
            TokenAnswer(HTTPAnswer(status: status, headerFields: fields, body: Array(text.utf8)))
        }
        return switch self {
        case .callerAsks, .callAnswered401: nil
        case .granted: json(200, #"{"access_token":"access-new","expires_in":1799,"refresh_token":"refresh-new"}"#)
        case .grantedWithoutRefresh: json(200, #"{"access_token":"access-new","expires_in":1799}"#)
        case .okInvalidGrant: json(200, #"{"error":"invalid_grant"}"#)
        case .okOtherError: json(200, #"{"error":"server_error"}"#)
        case .badRequestInvalidGrant: json(400, #"{"error":"invalid_grant"}"#)
        case .badRequestOther: json(400, #"{"error":"invalid_client"}"#)
        case .limitedWithRetryAfter: json(429, #"{"error":"attempt_limit_exceeded"}"#, [.retryAfter: "600"])
        case .limited: json(429, #"{"error":"attempt_limit_exceeded"}"#)
        case .serverError: json(503, "The service is unavailable.")
        case .html: json(502, "<html><body>Bad gateway</body></html>")
        case .bareString: json(200, #""An error has occurred.""#)
        case .timeout: .unanswered("it did not answer in time")
        case .cut: .unanswered("it was cut")
        case .notSent: .notSent("no route")
        }
    }

    var isRefusal: Bool { self == .okInvalidGrant || self == .badRequestInvalidGrant }
    var isGrant: Bool { self == .granted || self == .grantedWithoutRefresh }
    var isLimit: Bool { self == .limited || self == .limitedWithRetryAfter }
    var isSilence: Bool { self == .timeout || self == .cut }
}
