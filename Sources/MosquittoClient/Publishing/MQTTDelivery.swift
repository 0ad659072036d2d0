/// What became of one message of ``MosquittoClient/publish(contentsOf:)``.
public enum MQTTDelivery: Sendable, Hashable {
    /// The broker has it (QoS 1 and 2), or its bytes have left (QoS 0).
    case acknowledged
    /// The broker answered that it does not take it.
    case refused(MQTTReasonCode)
    /// It was sent, but no answer came: it may or may not have arrived.
    case unconfirmed(MQTTError)
    /// It never left.
    case notSent(MQTTError)

    /// The error that ``MosquittoClient/publish(_:)`` throws in this case, or nil.
    public var error: MQTTError? {
        switch self {
        case .acknowledged: nil
        case .refused(let reason): .refused(reason)
        case .unconfirmed(let error), .notSent(let error): error
        }
    }
}
