import Foundation

/// How a communication task ends.
public enum TaskOutcome: String, Sendable, Hashable, CaseIterable {
    /// Applied, and seen in the status a little later.
    case succeeds
    /// `Failed`, and nothing is applied.
    case fails
    /// `Running` for ever, and nothing is applied. Tasks behind it are carried out.
    case neverEnds
    /// The client is handed the id of an earlier task about the same, which has succeeded, and nothing is applied:
    /// seen with the older API and with devices that are lost (evohome4jeedom).
    case earlierTask
}

/// A task of a gateway, as `GET commTasks` shows it.
struct CommunicationTask: Sendable {
    enum Progress: Sendable, Hashable {
        case created
        case running(until: Date)
        case succeeded
        case failed
    }

    let id: String
    let gatewayID: String
    let command: Command
    let outcome: TaskOutcome
    let createdAt: Date
    /// In seconds: from its start to its end, and from its end until the status shows it.
    let duration: TimeInterval
    let visibility: TimeInterval
    var progress = Progress.created
    var startedAt: Date?
    var endedAt: Date?

    /// The vendor's word.
    var state: String {
        switch progress {
        case .created: "Created"
        case .running: "Running"
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        }
    }
}
