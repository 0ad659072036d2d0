import Synchronization

/// Carries events from the loop to one reader; ``EventBacklog`` says how many wait.
final class EventChannel: Sendable {
    private struct State {
        var backlog = EventBacklog()
        var reader: CheckedContinuation<MQTTEvent?, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())

    /// The events for a `for await` loop. The stream ends when the client has ended and everything has been read.
    var stream: AsyncStream<MQTTEvent> { AsyncStream { await self.next() } }

    /// - Returns: False when there was no room.
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

    private typealias Reader = CheckedContinuation<MQTTEvent?, Never>

    private func next() async -> MQTTEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (reader: Reader) in
                let event: MQTTEvent?? = state.withLock { state in
                    if let event = state.backlog.popFirst() { return .some(event) }
                    // A second reader breaks the contract of one; the first is let go rather than left hanging.
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
