/// Whether the broker answers.
public enum BrokerContact: Equatable, Sendable {
    case connected
    /// There is no connection, or the broker does not listen for us yet.
    ///
    /// - Parameters:
    ///   - duration: Since the connection was lost, or since the start where there was none.
    ///   - reason: What the last attempt ended with, where one has ended.
    case away(for: Duration, reason: String?)
}
