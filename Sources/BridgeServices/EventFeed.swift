import Synchronization

/// What has happened, as on `bridge/event`, for those who watch without a broker.
///
/// Events are numbered from 1 since the start. The last ones are kept, so that a watcher that was cut off misses none; one
/// that does not keep up loses the oldest.
public final class EventFeed: Sendable {
    public struct Entry: Equatable, Sendable {
        public var number: Int
        /// The payload of `bridge/event`.
        public var payload: String
    }

    private struct State {
        var kept: [Entry] = []
        var last = 0
        var watchers: [Int: AsyncStream<Entry>.Continuation] = [:]
        var lastTicket = 0
    }

    private static let limit = 200

    private let state = Mutex(State())

    public init() {}

    /// Events after a number, as far as they are still known, then new ones; `nil` for new ones only. A number that was
    /// never given out comes from another run: everything that is known follows.
    public func events(after number: Int?) -> AsyncStream<Entry> {
        let (stream, watcher) = AsyncStream<Entry>.makeStream(bufferingPolicy: .bufferingNewest(Self.limit))
        let ticket = state.withLock { state in
            let number = number ?? state.last
            let last = number <= state.last ? number : 0
            for entry in state.kept where entry.number > last { watcher.yield(entry) }
            state.lastTicket += 1
            state.watchers[state.lastTicket] = watcher
            return state.lastTicket
        }
        watcher.onTermination = { [weak self] _ in
            self?.state.withLock { $0.watchers[ticket] = nil }
        }
        return stream
    }

    func add(_ payload: String) {
        state.withLock { state in
            state.last += 1
            let entry = Entry(number: state.last, payload: payload)
            if state.kept.count == Self.limit { state.kept.removeFirst() }
            state.kept.append(entry)
            for watcher in state.watchers.values { watcher.yield(entry) }
        }
    }
}
