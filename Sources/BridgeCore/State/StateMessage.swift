/// A retained message that says how something is.
public struct StateMessage: Hashable, Sendable {
    public var topic: String
    /// Nothing, to remove what the broker has kept.
    public var payload: String

    public init(topic: String, payload: String) {
        self.topic = topic
        self.payload = payload
    }
}

/// In which forms state is published.
public enum StateOutput: String, Sendable, CaseIterable {
    case json
    case attributes
    case both

    /// A topic with the whole of it, and one for each attribute that has a plain value.
    func messages(topic: String, state: JSONValue) -> [StateMessage] {
        var messages: [StateMessage] = []
        if self != .attributes { messages.append(StateMessage(topic: topic, payload: state.text)) }
        guard self != .json, case .object(let members) = state else { return messages }
        for member in members {
            switch member.value {
            case .array, .object: continue
            default: messages.append(StateMessage(topic: "\(topic)/\(member.key)", payload: member.value.plainText))
            }
        }
        return messages
    }
}
