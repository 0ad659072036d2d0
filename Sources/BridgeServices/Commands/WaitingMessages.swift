import Basics
import BridgeCore
import HeatingModel

/// Messages that wait for the first status, without which nothing can be checked.
struct WaitingMessages {
    /// How many of this run may wait. More of them are refused.
    static let limit = 256

    struct Entry {
        var message: IncomingMessage
        var topic: CommandTopic
        var received: Uptime
        fileprivate var isOfEarlierRun = false

        init(message: IncomingMessage, topic: CommandTopic, received: Uptime) {
            self.message = message
            self.topic = topic
            self.received = received
        }
    }

    private var entries: [Entry] = []
    /// Of this run.
    private var newCount = 0

    var isEmpty: Bool { entries.isEmpty }

    /// - Returns: `false` if there is no room.
    mutating func add(_ entry: Entry) -> Bool {
        guard newCount < Self.limit else { return false }
        newCount += 1
        entries.append(entry)
        return true
    }

    /// Adds one of an earlier run, which was accepted then. The journal bounds how many there are.
    mutating func addAgain(_ entry: Entry) {
        var entry = entry
        entry.isOfEarlierRun = true
        entries.append(entry)
    }

    /// Takes out, in order, what can be checked now, and what has waited too long.
    mutating func takeReady(expiry: Duration, at now: Uptime, isReady: (CommandTopic) -> Bool) -> [Entry] {
        // Each is asked about once: the first status may arrive meanwhile.
        let asked = entries.map { (entry: $0, isReady: isReady($0.topic) || $0.received + expiry <= now) }
        entries = asked.filter { !$0.isReady }.map(\.entry)
        newCount = entries.count { !$0.isOfEarlierRun }
        return asked.filter(\.isReady).map(\.entry)
    }

    /// When the first of them has waited too long.
    func nextExpiry(after expiry: Duration) -> Uptime? {
        entries.map(\.received).min().map { $0 + expiry }
    }
}
