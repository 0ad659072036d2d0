public import Basics
import HeatingModel
import Observability

/// What opens the older API: for a quarter of an hour after its last use (evohome-client wiki), or after its beginning
/// (domoticz pull request 3798).
public struct Session: Codable, Hashable, Sendable {
    public var id: Secret
    /// The account's id, as the older API spells it.
    public var userID: String
    /// When the cloud last said that it is open.
    public var proved: Instant

    public init(id: Secret, userID: String, proved: Instant) {
        self.id = id
        self.userID = userID
        self.proved = proved
    }

    static let lifetime = Duration.seconds(900)

    /// Whether it may have ended without anybody saying so: one that was over has been seen to get temperatures all the
    /// same, and old ones, while the account's own data were refused to it (domoticz pull request 3798).
    func isDoubtful(at now: Instant) -> Bool {
        now < proved || now >= proved + Self.lifetime
    }
}

/// How often a program logs in to the older API.
public enum SessionPace: Sendable, CaseIterable {
    /// Once an hour; where sessions end sooner than that, it does without them.
    case sparing
    /// As often as sessions can end.
    case steady

    /// The shortest time between two logins.
    var interval: Duration {
        switch self {
        case .sparing: .seconds(3600)
        case .steady: Session.lifetime
        }
    }
}
