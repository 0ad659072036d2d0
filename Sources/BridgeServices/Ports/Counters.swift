public import Basics
public import BridgeCore
import HeatingModel

/// What has been counted since the start, wherever that was done.
public protocol Counters: Sendable {
    var counts: BridgeStatistics.Counts { get }
    /// When the access token in use runs out; `nil` without one.
    var tokenExpires: Instant? { get }
}
