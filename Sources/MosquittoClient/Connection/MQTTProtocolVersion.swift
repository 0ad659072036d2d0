/// A version of MQTT that this client speaks.
public enum MQTTProtocolVersion: String, Sendable, Hashable, CustomStringConvertible {
    case version5 = "5"
    case version311 = "3.1.1"

    /// As in `mqtt.protocol` and in "MQTT 3.1.1".
    public var description: String { rawValue }
}
