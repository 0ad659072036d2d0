import Logging
import Synchronization

@testable import Observability

/// A destination that keeps its lines.
final class RecordedLines: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    var destination: LogDestination {
        LogDestination { line in self.recorded.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }

    /// A logger that writes here, at 2026-11-24T13:40:01.123Z every time.
    func logger(
        _ format: LogFormat,
        label: String = "poll",
        levelControl: LogLevelControl = LogLevelControl(.trace)
    ) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(
                label: label,
                format: format,
                levelControl: levelControl,
                destination: self.destination,
                now: { LogTime(seconds: 1_795_527_601, milliseconds: 123) }
            )
        }
    }
}
