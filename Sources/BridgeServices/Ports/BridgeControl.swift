public import Basics
public import BridgeCore
import HeatingModel

/// What can be changed of the running bridge, and how it does.
public protocol BridgeControl: Sendable {
    /// How often the status is read.
    var pollInterval: Duration { get }

    /// - Throws: ``Refusal`` for one that the vendor's cloud would not bear.
    func setPollInterval(_ interval: Duration) throws(Refusal)

    /// What is logged.
    var logLevel: String { get }

    /// - Throws: ``Refusal`` for a word that is no level.
    func setLogLevel(_ name: String) throws(Refusal)

    /// What is wrong with the bridge, a sentence each; none while it is healthy.
    var problems: [String] { get }
}

/// What has been counted since the start, wherever that was done.
public protocol Counters: Sendable {
    var counts: BridgeStatistics.Counts { get }
    /// When the access token in use runs out; `nil` without one.
    var tokenExpires: Instant? { get }
    /// How many logins the budget allows now; `nil` without an account.
    var loginsLeft: Int? { get }
}
