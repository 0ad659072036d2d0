/// Saves each message that arrives, before it is acknowledged to the broker.
///
/// An acknowledged message is the client's alone: if the process dies before it is carried out, it is lost. The keeper
/// saves a message before its acknowledgement is sent, and recognises one that the broker delivers again because no
/// acknowledgement arrived.
public protocol MessageKeeper: Sendable {
    /// A new connection, before its first message. On the client's own thread; it must not wait for anything slow.
    ///
    /// - Parameter resumesSession: Whether the broker goes on with an earlier session.
    func connected(resumesSession: Bool)

    /// A message that is not acknowledged yet. On the client's own thread; it must not wait for anything slow.
    ///
    /// - Parameter packet: The packet's number, 1 to 65,535; `nil` at QoS 0.
    func keep(_ message: MQTTMessage, packet: Int?) -> MessageKeeping
}

/// What becomes of a message.
public enum MessageKeeping: Equatable, Sendable {
    /// - Parameter number: What it is known by; ``MQTTMessage/keptAs``.
    case kept(as: Int)
    /// It passes without being kept.
    case passed
    /// It was delivered before, and is dropped.
    case dropped
}
