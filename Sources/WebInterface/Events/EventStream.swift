import Basics
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// What one client of `/api/events` is sent: all of the state first, then what changes, events and log lines.
///
/// Nothing is queued for state: a client is sent the difference between what it was sent last and what is so now. A client
/// that does not read costs what was shown when it stopped reading, until it is disconnected.
struct EventStream: Sendable {
    struct Timing: Sendable {
        /// Between two signs of life.
        var pulse = Duration.seconds(15)
        /// How long a client may leave what it was sent unread.
        var patience = Duration.seconds(30)
        /// At the least between two looks at the state, so that a thousand changes in a row are one.
        var rest = Duration.milliseconds(50)
    }

    private static let largestWrite = 32 << 10

    let bridge: any WebBridge
    /// The streams of this client.
    let events: AsyncStream<NumberedEvent>
    let log: AsyncStream<String>?
    /// Differs from start to start.
    let run: String
    let timing: Timing
    let clock: any WallClock
    /// Whether the client may still see all this; its session can end.
    let isAdmitted: @Sendable () -> Bool

    /// Writes until the client is gone, its session has ended or the bridge stops.
    @concurrent
    func write(to writer: inout any ResponseBodyWriter, for request: Request, on channel: any Channel) async throws {
        let inbox = EventInbox()
        let watch = WriteWatch()
        try await withGracefulShutdownHandler {
            _ = try await request.body.consumeWithInboundCloseHandler { _ in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    feed(inbox, in: &group)
                    group.addTask { [timing, clock] in
                        try await watch.wait(patience: timing.patience, clock: clock)
                        // The write that hangs fails by this, and ends the whole.
                        channel.close(promise: nil)
                    }
                    defer { group.cancelAll() }
                    try await send(inbox, watch, to: &writer)
                }
            } onInboundClosed: {
                inbox.close()
            }
        } onGracefulShutdown: {
            inbox.close()
            // A client that reads gets a proper end, from the write after this one.
            if watch.isWriting { channel.close(promise: nil) }
        }
    }

    private func feed(_ inbox: EventInbox, in group: inout ThrowingTaskGroup<Void, any Error>) {
        let changes = bridge.topicChanges()
        group.addTask {
            for await _ in changes { inbox.stateChanged() }
        }
        group.addTask { [events] in
            for await event in events { inbox.add(event) }
        }
        if let log {
            group.addTask {
                for await line in log { inbox.add(line: line) }
            }
        }
        group.addTask { [timing, clock] in
            while true {
                try await clock.sleep(for: timing.pulse)
                inbox.pulse()
            }
        }
    }

    @concurrent
    private func send(_ inbox: EventInbox, _ watch: WriteWatch, to writer: inout any ResponseBodyWriter) async throws {
        var text = EventText.beginning
        var sent = ShownTopics([:])
        inbox.stateChanged()
        for await _ in inbox.signals {
            guard isAdmitted() else { break }
            let contents = inbox.take()
            if contents.hasChangedState {
                let now = ShownTopics(bridge.topics)
                for change in now.changes(since: sent) {
                    text += EventText.state(change)
                    if text.utf8.count >= Self.largestWrite { try await flush(&text, watch, to: &writer) }
                }
                sent = now
            }
            for event in contents.events {
                text += EventText.event("event", id: "\(EventID(run: run, number: event.number))", data: event.payload)
                if text.utf8.count >= Self.largestWrite { try await flush(&text, watch, to: &writer) }
            }
            for line in contents.lines {
                text += EventText.event("log", data: line)
                if text.utf8.count >= Self.largestWrite { try await flush(&text, watch, to: &writer) }
            }
            if contents.lostLines > 0 { text += ": \(contents.lostLines) log lines were dropped\n\n" }
            if contents.isPulseDue, text.isEmpty { text = EventText.pulse }
            try await flush(&text, watch, to: &writer)
            try await clock.sleep(for: timing.rest)
        }
    }

    @concurrent
    private func flush(_ text: inout String, _ watch: WriteWatch, to writer: inout any ResponseBodyWriter) async throws
    {
        guard !text.isEmpty else { return }
        let buffer = ByteBuffer(string: text)
        text = ""
        watch.begin()
        defer { watch.end() }
        try await writer.write(buffer)
    }
}

/// Notices a write that hangs, because the client does not read.
private final class WriteWatch: Sendable {
    private let began = Mutex<ContinuousClock.Instant?>(nil)

    var isWriting: Bool { began.withLock { $0 != nil } }

    func begin() {
        began.withLock { $0 = .now }
    }

    func end() {
        began.withLock { $0 = nil }
    }

    /// Returns when a write has taken longer than that.
    func wait(patience: Duration, clock: any WallClock) async throws {
        while true {
            try await clock.sleep(for: patience / 4)
            if let began = began.withLock({ $0 }), began.duration(to: .now) >= patience { return }
        }
    }
}
