/// What can go wrong with this client, in words for people.
public enum MQTTError: Error, Sendable, Hashable {
    /// There is no connection now. Nothing has been sent; the client is trying to connect.
    case notConnected
    /// The connection was lost before the broker acknowledged the message, which may or may not have arrived.
    case connectionLost
    /// The broker answered that it does not take the message, or it is larger than the broker allows.
    case refused(MQTTReasonCode)
    /// The message cannot be said in MQTT; the text tells why.
    case invalidMessage(String)
    /// The configuration cannot work; the text tells why.
    case invalidConfiguration(String)
    /// The task that waited was cancelled; the message may or may not have arrived.
    case cancelled
    /// The client has been shut down.
    case closed
    /// ``MosquittoClient/run()`` has been called before: it runs once.
    case alreadyRun
    /// The system or libmosquitto failed in a way that has no case of its own, for example for lack of memory.
    case unexpected(String)

    /// Whether the same message may succeed later without anybody changing anything.
    public var isRetriable: Bool {
        switch self {
        case .notConnected, .connectionLost, .unexpected: true
        case .refused(let reason): reason.isRetriable
        case .invalidMessage, .invalidConfiguration, .cancelled, .closed, .alreadyRun: false
        }
    }
}

extension MQTTError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notConnected: "there is no connection to the MQTT broker"
        case .connectionLost: "the connection was lost before the broker acknowledged the message"
        case .refused(let reason): reason.description
        case .invalidMessage(let problem): "the message cannot be sent: \(problem)"
        case .invalidConfiguration(let problem): "the MQTT configuration cannot work: \(problem)"
        case .cancelled: "waiting for the broker's acknowledgement was cancelled"
        case .closed: "the MQTT client has been shut down"
        case .alreadyRun: "the MQTT client has been run before"
        case .unexpected(let problem): problem
        }
    }
}
