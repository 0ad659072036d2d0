import InMemoryLogging
import Logging

/// A logger that keeps its lines.
struct RecordedLog {
    private let handler = InMemoryLogHandler()

    var logger: Logger { Logger(label: "test") { _ in handler } }

    /// Level, message and metadata of each event.
    var lines: [String] { handler.entries.map { "\($0.level): \($0.message) \($0.metadata)" } }

    /// Whether there is exactly one line, and it is a warning with these words.
    func isOneWarning(_ words: String) -> Bool {
        lines.count == 1 && lines[0].hasPrefix("warning: ") && lines[0].contains(words)
    }
}

let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
