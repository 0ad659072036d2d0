import BridgeCore

/// The payloads of topics as JSON.
///
/// On MQTT the value of an attribute is plain: `21.5` can be a number, or the name of a room. Its type is that of the
/// member in the object that the attribute belongs to.
struct ShownTopics {
    private let payloads: [String: String]

    init(_ payloads: [String: String]) {
        self.payloads = payloads
    }

    /// One object of topic and value, in the order of topics.
    var json: String {
        let members = payloads.keys.sorted().compactMap { topic in
            json(of: topic).map { "\(JSONValue.string(topic).text):\($0)" }
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// - Returns: `nil` for a topic that is not there.
    func json(of topic: String) -> String? {
        guard let payload = payloads[topic] else { return nil }
        guard let value = try? JSONValue(parsing: payload) else { return JSONValue.string(payload).text }
        if let member = member(at: topic), member.plainText == payload { return member.text }
        return switch value {
        case .object, .array: payload
        case .bool, .integer, .number: value.text
        case .string, .null: JSONValue.string(payload).text
        }
    }

    /// What the object above an attribute says of it.
    private func member(at topic: String) -> JSONValue? {
        guard let slash = topic.lastIndex(of: "/"), let parent = payloads[String(topic[..<slash])],
            let object = try? JSONValue(parsing: parent)
        else { return nil }
        return object[String(topic[topic.index(after: slash)...])]
    }

    /// What is different from what was shown before, in the order of topics: each topic with its value, or `null` for one
    /// that is gone.
    func changes(since earlier: ShownTopics) -> [(topic: String, json: String)] {
        let changed = payloads.filter { earlier.payloads[$0.key] != $0.value }.keys
        let gone = earlier.payloads.keys.filter { payloads[$0] == nil }
        return (changed + gone).sorted().map { ($0, json(of: $0) ?? "null") }
    }
}
