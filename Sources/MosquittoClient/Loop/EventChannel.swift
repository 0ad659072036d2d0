import Synchronization

/// Carries events from the loop to one reader. At most 1024 messages, 8 MiB in total, wait (``EventBacklog``).
final class EventChannel: Sendable {
    private typealias Reader = CheckedContinuation<MQTTEvent?, Never>

    private struct State {
        var backlog = EventBacklog()
        var reader: Reader?
        var isFinished = false
    }

    private let state = Mutex(State())

    /// The events for a `for await` loop. The stream ends once the client has ended and everything has been read.
    var stream: AsyncStream<MQTTEvent> { AsyncStream { await self.next() } }

    /// - Returns: `false` when the event was dropped for lack of room.
    func send(_ event: MQTTEvent) -> Bool {
        let (hasRoom, reader) = state.withLock { state in
            guard let reader = state.reader.take() else { return (state.backlog.append(event), nil as Reader?) }
            return (true, reader)
        }
        reader?.resume(returning: event)
        return hasRoom
    }

    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            return state.reader.take()
        }
        reader?.resume(returning: nil)
    }

    private func next() async -> MQTTEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (reader: Reader) in
                let event: MQTTEvent?? = state.withLock { state in
                    if let event = state.backlog.popFirst() { return .some(event) }
                    // A second reader breaks the contract of one; it ends at once rather than hang.
                    if state.isFinished || Task.isCancelled || state.reader != nil { return .some(nil) }
                    state.reader = reader
                    return nil
                }
                if let event { reader.resume(returning: event) }
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume(returning: nil)
        }
    }
}

/// The unread events, in order and bounded, so that a reader that has stopped costs no memory.
struct EventBacklog {
    static let messageLimit = 1024
    /// For all payloads together.
    static let byteLimit = 8 * 1024 * 1024
    static let noticeLimit = 64

    private var events: ArraySlice<MQTTEvent> = []
    private var messages = 0
    private var bytes = 0

    /// Adds an event. A message is refused when there is no room. Any other event is always taken, since readers act on
    /// it; beyond ``noticeLimit`` the oldest such event is dropped.
    ///
    /// - Returns: `false` when the event is a message and there is no room for it.
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
    /// The bytes of its payload; `nil` when it is not a message.
    fileprivate var messageSize: Int? {
        switch self {
        case .message(let message), .oversized(let message, _): message.payload.count
        case .connected, .subscribed, .disconnected, .subscriptionRefused: nil
        }
    }
}
