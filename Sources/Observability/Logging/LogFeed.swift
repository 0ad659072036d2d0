public import Logging
import Synchronization

/// The latest log lines, for those who watch the program from elsewhere.
///
/// It keeps a bounded number of them, and a watcher that does not keep up loses the oldest.
public final class LogFeed: Sendable {
    private struct Entry {
        var level: Logger.Level
        var line: String
    }

    private struct Watcher {
        var level: Logger.Level
        var lines: AsyncStream<String>.Continuation
    }

    private struct State {
        var kept: [Entry] = []
        var watchers: [Int: Watcher] = [:]
        var lastTicket = 0
    }

    private static let limit = 200

    private let state = Mutex(State())

    public init() {}

    /// Lines of at least this level, each a JSON object: first those that are still known, then new ones.
    public func lines(from level: Logger.Level) -> AsyncStream<String> {
        let (stream, lines) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(Self.limit))
        let ticket = state.withLock { state in
            for entry in state.kept where entry.level >= level { lines.yield(entry.line) }
            state.lastTicket += 1
            state.watchers[state.lastTicket] = Watcher(level: level, lines: lines)
            return state.lastTicket
        }
        lines.onTermination = { [weak self] _ in
            self?.state.withLock { $0.watchers[ticket] = nil }
        }
        return stream
    }

    func add(_ line: String, level: Logger.Level) {
        state.withLock { state in
            if state.kept.count == Self.limit { state.kept.removeFirst() }
            state.kept.append(Entry(level: level, line: line))
            for watcher in state.watchers.values where level >= watcher.level { watcher.lines.yield(line) }
        }
    }
}
