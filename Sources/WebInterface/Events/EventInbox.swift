import Synchronization

/// What waits for one client of the event stream. It is bounded: of state only that it changed is kept, and of events and
/// log lines the newest.
final class EventInbox: Sendable {
    struct Contents: Equatable, Sendable {
        var hasChangedState = false
        var events: [NumberedEvent] = []
        var lines: [String] = []
        /// How many log lines were dropped, because the client reads too slowly.
        var lostLines = 0
        /// Whether the client is due for a sign of life.
        var isPulseDue = false
    }

    static let maximumEvents = 256
    static let maximumLines = 256

    private let contents = Mutex(Contents())
    private let signal: AsyncStream<Void>.Continuation
    /// An element when there is something to take; it ends when the inbox is closed. For one reader.
    let signals: AsyncStream<Void>

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes everything that waits.
    func take() -> Contents {
        contents.withLock { contents in
            defer { contents = Contents() }
            return contents
        }
    }

    func stateChanged() {
        add { $0.hasChangedState = true }
    }

    func pulse() {
        add { $0.isPulseDue = true }
    }

    func add(_ event: NumberedEvent) {
        add { contents in
            if contents.events.count == Self.maximumEvents { contents.events.removeFirst() }
            contents.events.append(event)
        }
    }

    func add(line: String) {
        add { contents in
            if contents.lines.count == Self.maximumLines {
                contents.lines.removeFirst()
                contents.lostLines += 1
            }
            contents.lines.append(line)
        }
    }

    func close() {
        signal.finish()
    }

    private func add(_ change: (inout Contents) -> Void) {
        contents.withLock { change(&$0) }
        signal.yield()
    }
}
