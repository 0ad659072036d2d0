public import Logging

/// Writes one line per event. Nothing in a message or its metadata can begin a second line or control a terminal.
///
/// The level is that of the shared ``LogLevelControl``, until a logger gets one of its own.
public struct LineLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let component: String
    private let format: LogFormat
    private let levelControl: LogLevelControl
    private let destination: LogDestination
    private let feed: LogFeed?
    private let now: @Sendable () -> LogTime
    private var ownLevel: Logger.Level?

    /// Makes the handler of one logger.
    ///
    /// - Parameters:
    ///   - label: The logger's label, which each line shows as the component.
    ///   - format: What lines look like.
    ///   - levelControl: The level that all loggers share.
    ///   - destination: Where lines go.
    ///   - feed: Gets them, too, as JSON.
    public init(
        label: String,
        format: LogFormat,
        levelControl: LogLevelControl,
        destination: LogDestination = .standardError,
        feed: LogFeed? = nil
    ) {
        self.init(
            label: label,
            format: format,
            levelControl: levelControl,
            destination: destination,
            feed: feed,
            now: LogTime.now
        )
    }

    init(
        label: String,
        format: LogFormat,
        levelControl: LogLevelControl,
        destination: LogDestination,
        feed: LogFeed? = nil,
        now: @escaping @Sendable () -> LogTime
    ) {
        self.component = label
        self.format = format
        self.levelControl = levelControl
        self.destination = destination
        self.feed = feed
        self.now = now
    }

    public var logLevel: Logger.Level {
        get { ownLevel ?? levelControl.level }
        set { ownLevel = newValue }
    }

    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let line = LogLine(
            time: now(),
            level: event.level,
            component: component,
            message: event.message.description,
            metadata: merged(event).sorted { $0.key < $1.key }
        )
        destination.write(Array((line.formatted(as: format) + "\n").utf8))
        feed?.add(line.formatted(as: .json), level: event.level)
    }

    /// The logger's metadata, then the provider's, then the event's own; the later one wins. An event's error goes under
    /// `error`, unless the event's metadata has that key.
    private func merged(_ event: LogEvent) -> Logger.Metadata {
        let error: Logger.Metadata = event.error.map { ["error": "\($0)"] } ?? [:]
        return [metadataProvider?.get(), error, event.metadata].reduce(into: metadata) { merged, more in
            merged.merge(more ?? [:]) { _, newer in newer }
        }
    }
}
