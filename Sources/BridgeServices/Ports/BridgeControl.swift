public import Basics
public import BridgeCore
import HeatingModel

/// Settings that can be changed while the bridge runs, and its health.
public protocol BridgeControl: Sendable {
    /// How often the status is read.
    var pollInterval: Duration { get }

    /// - Throws: ``Refusal`` if it is too short for the vendor's cloud.
    func setPollInterval(_ interval: Duration) throws(Refusal)

    /// The lowest level that is logged.
    var logLevel: String { get }

    /// - Throws: ``Refusal`` if there is no such level.
    func setLogLevel(_ name: String) throws(Refusal)

    /// What is wrong with the bridge, one sentence each; empty while it is healthy.
    var problems: [String] { get }
}

/// Everything that was counted since the start.
public protocol Counters: Sendable {
    var counts: BridgeStatistics.Counts { get }
    /// When the access token in use expires; `nil` without one.
    var tokenExpires: Instant? { get }
    /// How many logins the budget allows now; `nil` without an account.
    var loginsLeft: Int? { get }
}
