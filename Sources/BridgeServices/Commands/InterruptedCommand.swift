import Basics
import BridgeCore
import HeatingModel

/// A message of an earlier run that was begun with. Calls that were sent are never sent again: what became of them is read
/// back.
struct InterruptedCommand: Sendable, Identifiable {
    /// How long to wait for the cloud at the least, however old the message is.
    private static let shortestWait = Duration.seconds(60)
    /// How long a call may take at the least, counted from when it can be read back. A gateway takes some seconds.
    private static let patience = Duration.seconds(30)

    let calls: [JournaledCall]
    /// Zones of a message for several that have their outcome.
    let ends: [JournaledEnd]
    let message: IncomingMessage
    let topic: CommandTopic
    let received: Uptime
    /// When it would have expired in the earlier run.
    private let expires: Uptime
    /// When the cloud is waited for no longer.
    let deadline: Uptime

    /// - Parameters:
    ///   - entry: The journal's.
    ///   - age: For how long the message has been there.
    ///   - expiry: How long a command may take.
    ///   - now: The start of this run.
    init(
        _ entry: Journal.Entry,
        of message: IncomingMessage,
        on topic: CommandTopic,
        age: Duration,
        expiry: Duration,
        at now: Uptime
    ) {
        (calls, ends) = (entry.calls, entry.ends)
        self.message = message
        self.topic = topic
        received = now - age
        expires = now - age + expiry
        deadline = max(expires, now + Self.shortestWait)
    }

    var id: Int? { message.journalEntry }

    /// When to give up one of the calls. Without a task only the status can tell, and it shows the change soon or never.
    func deadline(of call: JournaledCall, at now: Uptime) -> Uptime {
        let soon = now + Self.patience
        return call.task == nil ? soon : max(expires, soon)
    }

    /// Whether the cloud has shown the state of everything that it changes.
    func isReady(in store: SnapshotStore) -> Bool {
        (calls.map(\.target) + ends.map(\.target)).allSatisfy { store.site(of: $0.systemID)?.status != nil }
    }
}

/// The interrupted commands that are not read back yet.
struct InterruptedCommands: Sendable {
    private var commands: [InterruptedCommand] = []

    mutating func add(_ command: InterruptedCommand) { commands.append(command) }

    /// Takes out what can be read back by now, and what has waited too long.
    mutating func takeReady(in store: SnapshotStore, at now: Uptime) -> [InterruptedCommand] {
        // Each is asked about once: the first status may arrive meanwhile.
        let asked = commands.map { (command: $0, isReady: $0.isReady(in: store) || $0.deadline <= now) }
        commands = asked.filter { !$0.isReady }.map(\.command)
        return asked.filter(\.isReady).map(\.command)
    }

    var nextDeadline: Uptime? { commands.map(\.deadline).min() }
}
