/// The rules for every string in MQTT (MQTT 5, 1.5.4).
enum MQTTString {
    /// The length that two bytes can say.
    static let maximumLength = 65_535

    /// What is wrong with `text`, to be put after its name, or nil.
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

/// A topic that can be published to.
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

/// A filter that can be subscribed.
enum TopicFilter {
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
