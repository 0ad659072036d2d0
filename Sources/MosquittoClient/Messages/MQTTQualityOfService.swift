/// How surely a message is to arrive (MQTT 5, 4.3).
public enum MQTTQualityOfService: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    /// Sent once and forgotten.
    case atMostOnce = 0
    /// Sent until acknowledged; may arrive twice.
    case atLeastOnce = 1
    /// Arrives once, at the price of four packets.
    case exactlyOnce = 2

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
