import Observability

/// What passes over the health socket: a word, and behind it what is wrong, on one line.
struct HealthAnswer: Equatable {
    private enum Word: String {
        case healthy
        /// The loops turn, and something else is wrong.
        case ailing
        /// A loop hangs.
        case stuck
    }

    private let word: Word
    /// What is wrong, in sentences; empty while the bridge is healthy.
    let complaint: String

    init(_ health: Health) {
        word = health.isHealthy ? .healthy : health.isAlive ? .ailing : .stuck
        complaint = health.problems.joined(separator: " ")
    }

    /// - Returns: `nil` for what is no whole answer, as from a bridge that was cut off.
    init?(text: String) {
        let parts = text.dropLast().split(separator: " ", maxSplits: 1)
        guard text.hasSuffix("\n"), let word = parts.first.flatMap({ Word(rawValue: String($0)) }) else { return nil }
        self.word = word
        complaint = parts.count > 1 ? String(parts[1]) : ""
    }

    var isHealthy: Bool { word == .healthy }
    var isAlive: Bool { word != .stuck }

    var text: String { "\(word) \(complaint)\n" }
}
