public import Basics
import HeatingModel
import Observability

/// How many password logins are still allowed. It is kept in the state file, so that a program that crashes in a loop
/// makes no more logins than one that runs.
///
/// The vendor limits logins and does not publish the limit. One login in thirty minutes was never refused, one
/// every five minutes was (evohome-client pull requests 80 and 113).
public struct LoginBudget: Codable, Equatable, Sendable {
    /// The most logins in an hour, counting those that may have succeeded.
    public static let loginsPerHour = 6

    /// A login that was sent and whose answer has not been recorded yet.
    public struct Pending: Codable, Hashable, Sendable {
        public var sent: Instant
        public var mark: PasswordMark
    }

    /// A password that the cloud refused.
    public struct RefusedPassword: Codable, Hashable, Sendable {
        public var mark: PasswordMark
        public var refusals: Refusals
    }

    /// Why no login may be sent, and until when.
    public struct Hold: Hashable, Sendable {
        public enum Reason: Sendable { case passwordRefused, budgetSpent }

        public var until: Instant
        public var reason: Reason
    }

    /// When logins succeeded, or may have, within the last hour; in order.
    public private(set) var logins: [Instant] = []
    /// More than one, since two programs on one state file may have different passwords, and neither may mistake the
    /// other's for a change of its own. The last one is the newest.
    public private(set) var refused: [RefusedPassword] = []
    public private(set) var pending: Pending?
    /// Makes marks of this file useless for any other.
    public private(set) var salt: UInt64

    private static let refusedPasswordsKept = 8

    public init(salt: UInt64) {
        self.salt = salt
    }

    /// What is damaged is left out, and does not spoil the rest.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let salt = try container.decode(Lenient<UInt64>.self, forKey: .salt).value
        self.init(salt: salt ?? .random(in: .min ... .max))
        logins = (try? container.decode(LenientList<Instant>.self, forKey: .logins))?.elements.sorted() ?? []
        // Marks are worth nothing without their salt.
        guard salt != nil else { return }
        refused = (try? container.decode(LenientList<RefusedPassword>.self, forKey: .refused))?.elements ?? []
        pending = try container.decode(Lenient<Pending>.self, forKey: .pending).value
    }

    /// What forbids a login with this password.
    ///
    /// - Returns: `nil` when it may be sent now.
    public func hold(on credentials: Credentials, at now: Instant) -> Hold? {
        let mark = PasswordMark(of: credentials, salt: salt)
        let holds = [
            refusals(of: mark).map { Hold(until: $0.over, reason: .passwordRefused) },
            next(at: now).map { Hold(until: $0, reason: .budgetSpent) },
        ]
        return holds.compactMap { $0 }.filter { $0.until > now }.max { $0.until < $1.until }
    }

    /// When the budget allows the next login, whatever the password; `nil` for now.
    public func next(at now: Instant) -> Instant? {
        let over = loginsOfLastHour(at: now).dropLast(Self.loginsPerHour - 1).last.map { $0 + .seconds(3600) }
        return over.flatMap { $0 > now ? $0 : nil }
    }

    /// How many logins are left now: none while this password is held back.
    public func left(for credentials: Credentials?, at now: Instant) -> Int {
        if let credentials, hold(on: credentials, at: now) != nil { return 0 }
        return max(0, Self.loginsPerHour - loginsOfLastHour(at: now).count)
    }

    /// Call it, and write to disk, before the password is sent.
    public mutating func began(with credentials: Credentials, at now: Instant) {
        pending = Pending(sent: now, mark: PasswordMark(of: credentials, salt: salt))
    }

    /// The cloud accepted the password.
    public mutating func succeeded(at now: Instant) {
        if let pending { refused.removeAll { $0.mark == pending.mark } }
        wasSpent(at: now)
    }

    /// The cloud refused the password.
    public mutating func wasRefused(at now: Instant) {
        guard let pending else { return }
        let refusals = Refusals.another(after: refusals(of: pending.mark), at: now)
        refused.removeAll { $0.mark == pending.mark }
        let newest = RefusedPassword(mark: pending.mark, refusals: refusals)
        refused = refused.suffix(Self.refusedPasswordsKept - 1) + [newest]
        self.pending = nil
    }

    /// The password was sent and no answer came. It counts as a login, since it may have been one.
    public mutating func wentUnanswered(at now: Instant) {
        wasSpent(at: now)
    }

    /// The cloud did not check the password: it was not reached, is out of order, or limits logins.
    public mutating func wasNotSpent() {
        pending = nil
    }

    /// Removes a login that was counted when it was sent: it was none, or it is counted again.
    mutating func takeBack(_ login: Instant) {
        guard let index = logins.firstIndex(of: login) else { return }
        logins.remove(at: index)
    }

    /// A login that is pending while nobody is logging in was sent by a process that died. It counts as refused.
    public mutating func settlePending() {
        guard let pending else { return }
        wasRefused(at: pending.sent)
    }

    /// A clock that was set back leaves moments in the future, which would block logins for years. They become `now`.
    public mutating func clockIs(_ now: Instant) {
        logins = logins.map { min($0, now) }
        refused = refused.map { RefusedPassword(mark: $0.mark, refusals: $0.refusals.known(at: now)) }
        if let pending { self.pending?.sent = min(pending.sent, now) }
    }

    /// Takes over what an earlier memory of the same account knows.
    mutating func adopt(_ earlier: LoginBudget) {
        // Marks are worth nothing without their salt.
        if refused.isEmpty, pending == nil { (refused, salt) = (earlier.refused, earlier.salt) }
        logins = Set(logins + earlier.logins).sorted()
    }

    private mutating func wasSpent(at now: Instant) {
        logins = loginsOfLastHour(at: now) + [now]
        pending = nil
    }

    private func refusals(of mark: PasswordMark) -> Refusals? {
        refused.last { $0.mark == mark }?.refusals
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

/// How often in a row something was refused, and when last. It is not sent again for 15 minutes, then 30, then an hour
/// each time.
public struct Refusals: Codable, Hashable, Sendable {
    /// From 1 to 1,000, where it stops.
    public let count: Int
    public let last: Instant

    public init(count: Int = 1, last: Instant) {
        self.count = min(max(count, 1), 1000)
        self.last = last
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let count = try container.decode(Lenient<Int>.self, forKey: .count).value ?? 1
        self.init(count: count, last: try container.decode(Instant.self, forKey: .last))
    }

    /// When it may be sent again.
    public var over: Instant {
        switch count {
        case 1: last + .seconds(15 * 60)
        case 2: last + .seconds(30 * 60)
        default: last + .seconds(60 * 60)
        }
    }

    /// One refusal more.
    public static func another(after earlier: Refusals?, at now: Instant) -> Refusals {
        Refusals(count: (earlier?.count ?? 0) + 1, last: now)
    }

    /// A refusal in the future was written before the clock was set back. It counts from now.
    func known(at now: Instant) -> Refusals {
        Refusals(count: count, last: min(last, now))
    }
}
