import Basics
import BridgeCore
import HeatingModel

/// A message of an earlier run of which calls were sent. They are never sent again: what became of them is read back.
struct InterruptedCommand: Sendable, Identifiable {
    /// How long to wait for the cloud at the least, however old the message is.
    static let shortestWait = Duration.seconds(60)

    let calls: [JournaledCall]
    let message: IncomingMessage
    let topic: CommandTopic
    let received: Uptime
    let deadline: Uptime

    var id: Int? { message.journalEntry }

    /// Whether the cloud has shown the state of everything that it changes.
    func isReady(in store: SnapshotStore) -> Bool {
        calls.allSatisfy { store.site(of: $0.target.systemID)?.status != nil }
    }
}
