/// The events that nobody has read yet, in order and bounded, so that a reader who has stopped costs no memory.
struct EventBacklog {
    static let messageLimit = 1024
    /// Of payloads, together.
    static let byteLimit = 8 * 1024 * 1024
    static let noticeLimit = 64

    private var events: ArraySlice<MQTTEvent> = []
    private var messages = 0
    private var bytes = 0

    /// - Returns: False when the event is a message and there is no room for it.
    ///
    /// What is not a message is never refused, since readers go by it; the oldest of its kind makes room.
    mutating func append(_ event: MQTTEvent) -> Bool {
        if let size = event.messageSize {
            guard messages < Self.messageLimit, bytes + size <= Self.byteLimit else { return false }
            messages += 1
            bytes += size
        } else if events.count - messages >= Self.noticeLimit,
            let oldest = events.firstIndex(where: { $0.messageSize == nil })
        {
            events.remove(at: oldest)
        }
        events.append(event)
        return true
    }

    mutating func popFirst() -> MQTTEvent? {
        guard let event = events.popFirst() else { return nil }
        if let size = event.messageSize {
            messages -= 1
            bytes -= size
        }
        return event
    }
}

extension MQTTEvent {
    /// The bytes of its payload, or nil when it is no message.
    fileprivate var messageSize: Int? {
        switch self {
        case .message(let message), .oversized(let message, _): message.payload.count
        case .connected, .subscribed, .disconnected, .subscriptionRefused: nil
        }
    }
}
