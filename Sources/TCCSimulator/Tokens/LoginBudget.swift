import Foundation

/// How many logins the cloud lets an account have; both APIs draw on it.
public struct LoginLimit: Sendable, Hashable {
    /// Logins, successful or not, within ``window``.
    public var attempts: Int
    /// In wall-clock time.
    public var window: Duration

    /// - Parameters:
    ///   - attempts: from 0; 0 refuses every login.
    ///   - window: how long a login counts.
    public init(attempts: Int, window: Duration) {
        (self.attempts, self.window) = (attempts, window)
    }

    /// The vendor publishes none. A login every five minutes is known to be too many
    /// (evohome-client pull requests 80 and 113), one in half an hour is not: ten an hour lies between.
    public static let vendor = LoginLimit(attempts: 10, window: .seconds(3_600))
    /// No limit at all.
    public static let unlimited = LoginLimit(attempts: .max, window: .seconds(1))
}

/// Counts logins against a ``LoginLimit``.
struct LoginBudget: Sendable {
    let limit: LoginLimit
    private var attempts: [Date] = []

    init(limit: LoginLimit) {
        self.limit = limit
    }

    /// False when there were too many; a refused login does not count.
    mutating func spend(at now: Date) -> Bool {
        attempts.removeAll { now.timeIntervalSince($0) >= limit.window.seconds }
        guard attempts.count < limit.attempts else { return false }
        if limit.attempts != .max { attempts.append(now) }
        return true
    }
}

extension Duration {
    /// In seconds.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
