import Basics
import BridgeCore
import HeatingModel

/// Messages that came before it is known how things are: they wait for the first status.
struct UnreadyMessages {
    private var messages: [(message: IncomingMessage, received: Instant)] = []

    mutating func add(_ message: IncomingMessage, received: Instant) {
        messages.append((message, received))
    }

    /// Takes out, in order, what can be understood now, and what has waited too long.
    mutating func takeReady(
        _ homes: SnapshotStore,
        expiry: Duration,
        at now: Instant
    ) -> [(message: IncomingMessage, received: Instant)] {
        guard !messages.isEmpty else { return [] }
        var ready: [(message: IncomingMessage, received: Instant)] = []
        var waiting = ready
        for entry in messages {
            if isReady(entry.message, homes) || entry.received + expiry <= now {
                ready.append(entry)
            } else {
                waiting.append(entry)
            }
        }
        messages = waiting
        return ready
    }

    /// When to look again. It is a short time at a start of the bridge, so looking is simpler than being told.
    func nextMoment(at now: Instant) -> Instant? {
        messages.isEmpty ? nil : now + .milliseconds(100)
    }

    private func isReady(_ message: IncomingMessage, _ homes: SnapshotStore) -> Bool {
        guard let layout = homes.layout else { return false }
        guard let target = CommandTopic(message.topic).flatMap({ layout.target(at: $0.subject) }) else { return true }
        return homes.site(of: target.systemID)?.status != nil
    }
}
