public import HeatingModel
import Observability

/// How many password logins are still allowed. It is kept in the state file, so that a program that crashes in a loop
/// spends no more than one that runs.
///
/// What the vendor limits is logins; the limit is not published. One login in thirty minutes was never refused, one
/// every five minutes was (evohome-client pull requests 80 and 113).
public struct LoginBudget: Codable, Equatable, Sendable {
    /// The most logins in an hour, counting those that may have succeeded.
    public static let loginsPerHour = 6

    /// A login that was sent and whose answer has not been recorded yet.
    public struct Pending: Codable, Hashable, Sendable {
        public var sent: Instant
        public var mark: PasswordMark
    }

    /// When logins succeeded, or may have, within the last hour.
    public private(set) var logins: [Instant] = []
    public private(set) var refusals: Refusals?
    /// The password that the refusals are of.
    public private(set) var refused: PasswordMark?
    public private(set) var pending: Pending?
    /// Makes marks of this file useless for any other.
    public private(set) var salt: UInt64

    public init(salt: UInt64) {
        self.salt = salt
    }

    /// When a login with this password may be sent.
    ///
    /// - Returns: `nil` for now, else the moment.
    public func earliestLogin(with credentials: Credentials, at now: Instant) -> Instant? {
        let mark = PasswordMark(of: credentials, salt: salt)
        var earliest = now
        if let refusals, refused == mark { earliest = max(earliest, refusals.over) }
        let recent = loginsOfLastHour(at: now)
        if recent.count >= Self.loginsPerHour {
            earliest = max(earliest, recent[recent.count - Self.loginsPerHour] + .seconds(3600))
        }
        return earliest > now ? earliest : nil
    }

    /// To be on disk before the password is sent.
    public mutating func began(with credentials: Credentials, at now: Instant) {
        pending = Pending(sent: now, mark: PasswordMark(of: credentials, salt: salt))
    }

    /// The cloud let us in.
    public mutating func succeeded(at now: Instant) {
        logins = loginsOfLastHour(at: now) + [now]
        (pending, refusals, refused) = (nil, nil, nil)
    }

    /// The cloud refused the password, or said that there were too many logins.
    public mutating func wasRefused(at now: Instant) {
        guard let pending else { return }
        refusals = .another(after: refused == pending.mark ? refusals : nil, at: now)
        refused = pending.mark
        self.pending = nil
    }

    /// The password left and no answer came: it counts as a login, since it may have been one.
    public mutating func wentUnanswered(at now: Instant) {
        logins = loginsOfLastHour(at: now) + [now]
        pending = nil
    }

    /// The cloud did not look at the password: it was not reached, or is out of order.
    public mutating func wasNotSpent() {
        pending = nil
    }

    /// A login that is pending when nobody is logging in was sent by a process that died: as if refused then.
    public mutating func settlePending() {
        guard let pending else { return }
        wasRefused(at: pending.sent)
    }

    /// A clock that was set back leaves moments in the future, which would hold logins for years: they are now.
    public mutating func clockIs(_ now: Instant) {
        logins = logins.map { min($0, now) }
        if let refusals, refusals.last > now { self.refusals?.last = now }
        if let pending, pending.sent > now { self.pending?.sent = now }
    }

    private func loginsOfLastHour(at now: Instant) -> [Instant] {
        logins.filter { $0 > now - .seconds(3600) }
    }
}

/// Tells a changed password from the same one, and nothing more: sixteen bits of a salted hash cannot confirm a guess,
/// since one in 65,536 guesses matches.
public struct PasswordMark: Codable, Hashable, Sendable {
    private let bits: UInt16

    public init(of credentials: Credentials, salt: UInt64) {
        // FNV-1a, folded.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ salt
        for byte in Array(credentials.username.utf8) + [0] + Array(credentials.password.revealed.utf8) {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        bits = UInt16(truncatingIfNeeded: hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48))
    }

    public init(from decoder: any Decoder) throws {
        bits = try decoder.singleValueContainer().decode(UInt16.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bits)
    }
}
