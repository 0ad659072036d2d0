import Basics
import BridgeCore
import HeatingModel

/// Messages that wait for the first status, without which nothing can be checked.
struct WaitingMessages {
    /// How many may wait. More of them are refused.
    static let limit = 256

    struct Entry {
        var message: IncomingMessage
        var topic: CommandTopic
        var received: Uptime
    }

    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }

    /// - Returns: `false` if there is no room.
    mutating func add(_ entry: Entry) -> Bool {
        guard entries.count < Self.limit else { return false }
        entries.append(entry)
        return true
    }

    /// Adds one of an earlier run, which was accepted then. The journal bounds how many there are.
    mutating func addAgain(_ entry: Entry) { entries.append(entry) }

    /// Takes out, in order, what can be checked now, and what has waited too long.
    mutating func takeReady(expiry: Duration, at now: Uptime, isReady: (CommandTopic) -> Bool) -> [Entry] {
        // Each is asked about once: the first status may arrive meanwhile.
        let asked = entries.map { (entry: $0, isReady: isReady($0.topic) || $0.received + expiry <= now) }
        entries = asked.filter { !$0.isReady }.map(\.entry)
        return asked.filter(\.isReady).map(\.entry)
    }

    /// When the first of them has waited too long.
    func nextExpiry(after expiry: Duration) -> Uptime? {
        entries.first.map { $0.received + expiry }
    }
}
