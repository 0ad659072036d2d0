/// A message to publish, or one that has arrived.
public struct MQTTMessage: Sendable, Hashable {
    /// 1 to 65,535 bytes of UTF-8 without a wildcard.
    public var topic: String
    /// The whole packet may have at most 268,435,455 bytes; brokers allow less.
    public var payload: [UInt8]
    public var qualityOfService: MQTTQualityOfService
    /// Whether the broker stores it for later subscribers. On a message that has arrived: whether it was published so.
    ///
    /// With MQTT 5 that is exact, since filters are subscribed with "retain as published". With 3.1.1 a broker sets it
    /// only on stored messages, so the first, live delivery of a retained message looks like any other.
    public var isRetained: Bool
    /// What MQTT 5 carries beside the payload. Left out when the connection speaks 3.1.1.
    public var properties: MQTTProperties
    /// On a message that has arrived: the number that its ``MessageKeeper`` gave to it.
    public var keptAs: Int?

    public init(
        topic: String,
        payload: [UInt8],
        qualityOfService: MQTTQualityOfService = .atLeastOnce,
        isRetained: Bool = false,
        properties: MQTTProperties = MQTTProperties()
    ) {
        self.topic = topic
        self.payload = payload
        self.qualityOfService = qualityOfService
        self.isRetained = isRetained
        self.properties = properties
    }
}

/// The MQTT 5 properties of a message that this client knows (MQTT 5, 3.3.2.3).
public struct MQTTProperties: Sendable, Hashable {
    /// Where the sender expects an answer. On a message that has arrived it is `nil` when nothing can be published
    /// there.
    public var responseTopic: String?
    /// What the answer must carry so that the sender recognises it: at most 65,535 bytes.
    public var correlationData: [UInt8]?
    /// How long the broker keeps the message for absent subscribers: whole seconds, rounded up, at most 136 years.
    public var messageExpiry: Duration?

    public init(
        responseTopic: String? = nil,
        correlationData: [UInt8]? = nil,
        messageExpiry: Duration? = nil
    ) {
        self.responseTopic = responseTopic
        self.correlationData = correlationData
        self.messageExpiry = messageExpiry
    }
}

/// How hard MQTT tries to deliver a message (MQTT 5, 4.3).
public enum MQTTQualityOfService: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    /// Sent once, with no acknowledgement.
    case atMostOnce = 0
    /// Sent until acknowledged; may arrive twice.
    case atLeastOnce = 1
    /// Arrives once, at the price of four packets.
    case exactlyOnce = 2

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

// MARK: - Validation

extension MQTTMessage {
    /// The largest packet that MQTT can describe, in bytes (MQTT 5, 1.5.5).
    static let maximumSize = 268_435_455

    /// Checks what the library would refuse, truncate or close the connection for.
    ///
    /// - Throws: ``MQTTError/invalidMessage(_:)`` that names what is wrong.
    func validate() throws(MQTTError) {
        try TopicName.validate(topic)
        guard payload.count <= Self.maximumSize else {
            throw .invalidMessage("the payload of \(payload.count) bytes is larger than MQTT allows")
        }
        try properties.validate()
    }
}

extension MQTTProperties {
    fileprivate func validate() throws(MQTTError) {
        if let responseTopic { try TopicName.validate(responseTopic) }
        if let correlationData, correlationData.count > MQTTString.maximumLength {
            throw .invalidMessage("correlation data of \(correlationData.count) bytes is longer than 65535")
        }
        if let messageExpiry, messageExpiry.wholeSeconds == nil {
            throw .invalidMessage("the message expiry \(messageExpiry) is not between 0 s and 4294967295 s")
        }
    }
}

extension Duration {
    /// Seconds, rounded up; `nil` when they do not fit into the four bytes that MQTT has for them.
    var wholeSeconds: UInt32? {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return nil }
        return UInt32(exactly: seconds + (attoseconds > 0 ? 1 : 0))
    }
}

/// The rules for every string in MQTT (MQTT 5, 1.5.4).
enum MQTTString {
    /// The greatest length that two bytes can express.
    static let maximumLength = 65_535

    /// - Returns: What is wrong with `text`, to follow its name in a sentence; `nil` when it is fine.
    static func problem(in text: String) -> String? {
        if text.utf8.count > maximumLength { return "is longer than 65535 bytes" }
        if text.unicodeScalars.contains(where: isForbidden) { return "contains a control character or a non-character" }
        return nil
    }

    /// U+0000 is forbidden; the others are discouraged, and libmosquitto refuses them (lib/utf8_mosq.c).
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xFDD0...0xFDEF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }
}

/// A topic to publish to.
enum TopicName {
    /// - Throws: ``MQTTError/invalidMessage(_:)``.
    static func validate(_ topic: String) throws(MQTTError) {
        if topic.isEmpty { throw .invalidMessage("the topic is empty") }
        if let problem = MQTTString.problem(in: topic) { throw .invalidMessage("the topic \(problem)") }
        if topic.utf8.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "#") }) {
            throw .invalidMessage("the topic \(topic) contains a wildcard")
        }
    }
}

/// A filter to subscribe to.
enum TopicFilter {
    static func hasWildcard(_ filter: String) -> Bool { filter.utf8.contains { "+#".utf8.contains($0) } }

    /// Whether a filter takes in all messages on a topic.
    static func covers(_ filter: String, _ topic: String) -> Bool {
        let levels = topic.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let wanted = filter.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, level) in wanted.enumerated() {
            if level.elementsEqual("#".utf8) { return true }
            guard index < levels.count, level.elementsEqual("+".utf8) || level.elementsEqual(levels[index]) else {
                return false
            }
        }
        return wanted.count == levels.count
    }

    /// - Throws: ``MQTTError/invalidConfiguration(_:)``.
    static func validate(_ filter: String) throws(MQTTError) {
        if filter.isEmpty { throw .invalidConfiguration("a topic filter is empty") }
        if let problem = MQTTString.problem(in: filter) { throw .invalidConfiguration("a topic filter \(problem)") }
        let levels = filter.split(separator: "/", omittingEmptySubsequences: false)
        for (index, level) in levels.enumerated() {
            let isMultiLevelAtTheEnd = level == "#" && index == levels.count - 1
            if level == "+" || isMultiLevelAtTheEnd { continue }
            if level.contains("+") || level.contains("#") {
                throw .invalidConfiguration("the topic filter \(filter) has a wildcard in the wrong place")
            }
        }
    }
}
