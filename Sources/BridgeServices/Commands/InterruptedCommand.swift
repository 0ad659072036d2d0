import Basics
import BridgeCore
import HeatingModel

/// A message of an earlier run of which calls were sent. They are never sent again: what became of them is read back.
struct InterruptedCommand: Sendable, Identifiable {
    /// How long to wait for the cloud at the least, however old the message is.
    static let shortestWait = Duration.seconds(60)
    /// How long the status may take to show a call whose answer was never seen. A gateway takes some seconds.
    private static let patience = Duration.seconds(30)

    let calls: [JournaledCall]
    let message: IncomingMessage
    let topic: CommandTopic
    let received: Uptime
    let deadline: Uptime

    var id: Int? { message.journalEntry }

    /// When to give up one of the calls. Without a task only the status can tell, and it shows the change soon or never.
    func deadline(of call: JournaledCall, at now: Uptime) -> Uptime {
        let soon = now + Self.patience
        return call.task == nil ? soon : max(deadline, soon)
    }

    /// Whether the cloud has shown the state of everything that it changes.
    func isReady(in store: SnapshotStore) -> Bool {
        calls.allSatisfy { store.site(of: $0.target.systemID)?.status != nil }
    }
}
