public import Basics
import HeatingModel

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
    /// Several, since two programs on one state file may have been given different passwords, and neither may take the
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
        let salt = try container.decode(Lenient<UInt64>.self, forKey: .salt).wrappedValue
        self.init(salt: salt ?? .random(in: .min ... .max))
        logins = (try? container.decode(WireList<Instant>.self, forKey: .logins))?.elements.sorted() ?? []
        // Marks are worth nothing without their salt.
        guard salt != nil else { return }
        refused = (try? container.decode(WireList<RefusedPassword>.self, forKey: .refused))?.elements ?? []
        pending = try container.decode(Lenient<Pending>.self, forKey: .pending).wrappedValue
    }

    /// What forbids a login with this password.
    ///
    /// - Returns: `nil` when it may be sent now.
    public func hold(on credentials: Credentials, at now: Instant) -> Hold? {
        let mark = PasswordMark(of: credentials, salt: salt)
        let recent = loginsOfLastHour(at: now)
        let holds = [
            refusals(of: mark).map { Hold(until: $0.over, reason: .passwordRefused) },
            recent.dropLast(Self.loginsPerHour - 1).last.map { Hold(until: $0 + .seconds(3600), reason: .budgetSpent) },
        ]
        return holds.compactMap { $0 }.filter { $0.until > now }.max { $0.until < $1.until }
    }

    /// To be on disk before the password is sent.
    public mutating func began(with credentials: Credentials, at now: Instant) {
        pending = Pending(sent: now, mark: PasswordMark(of: credentials, salt: salt))
    }

    /// The cloud let us in.
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

    /// The password left and no answer came: it counts as a login, since it may have been one.
    public mutating func wentUnanswered(at now: Instant) {
        wasSpent(at: now)
    }

    /// The cloud did not look at the password: it was not reached, is out of order, or limits logins.
    public mutating func wasNotSpent() {
        pending = nil
    }

    /// A login that was counted when it was sent turns out to be none, or is counted anew.
    mutating func takeBack(_ login: Instant) {
        guard let index = logins.firstIndex(of: login) else { return }
        logins.remove(at: index)
    }

    /// A login that is pending when nobody is logging in was sent by a process that died: as if refused then.
    public mutating func settlePending() {
        guard let pending else { return }
        wasRefused(at: pending.sent)
    }

    /// A clock that was set back leaves moments in the future, which would hold logins for years: they are now.
    public mutating func clockIs(_ now: Instant) {
        logins = logins.map { min($0, now) }
        refused = refused.map { RefusedPassword(mark: $0.mark, refusals: $0.refusals.known(at: now)) }
        if let pending { self.pending?.sent = min(pending.sent, now) }
    }

    /// Takes over what another memory of the same account knows from before this one.
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
