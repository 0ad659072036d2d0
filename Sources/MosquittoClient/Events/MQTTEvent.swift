/// What a ``MosquittoClient`` tells the one who reads ``MosquittoClient/events``.
public enum MQTTEvent: Sendable, Hashable {
    /// The broker has taken the connection; everything retained should now be published again.
    case connected(MQTTConnection)
    /// The broker has answered to every filter: from now on messages arrive. Those of a session that was kept arrive
    /// earlier, right after ``connected(_:)``.
    case subscribed
    /// The connection is lost or cannot be made, in one sentence; said once an outage, and again when the reason changes.
    case disconnected(reason: String)
    /// A message has arrived.
    case message(MQTTMessage)
    /// A message has arrived whose payload of `byteCount` bytes exceeds 64 KiB: here it comes without its payload.
    case oversized(MQTTMessage, byteCount: Int)
    /// The broker refuses to serve a filter of ``MQTTConfiguration/subscriptions``; said once for each reason.
    case subscriptionRefused(filter: String, MQTTReasonCode)
}
