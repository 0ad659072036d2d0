import Logging
import Observability

/// Makes the loggers of all parts, which share one level and one place to write to.
struct Logs: Sendable {
    /// The level of all of them.
    let level: LogLevelControl
    private let format: LogFormat
    private let destination: LogDestination
    /// For the page; `nil` without one.
    let feed: LogFeed?

    init(_ settings: Settings.Log, destination: LogDestination = .standardError, feed: LogFeed? = nil) {
        format = settings.format
        level = LogLevelControl(settings.level)
        self.destination = destination
        self.feed = feed
    }

    /// - Parameter part: What the lines are from, such as `cloud`.
    func logger(for part: String) -> Logger {
        Logger(label: part) { label in
            LineLogHandler(label: label, format: format, levelControl: level, destination: destination, feed: feed)
        }
    }
}
