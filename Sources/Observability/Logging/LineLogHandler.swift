import Basics
public import Logging

/// Writes one line per event. No message and no metadata, whatever is in it, makes a second line or steers a terminal.
///
/// The level is that of the shared ``LogLevelControl``, until a logger is given one of its own.
public struct LineLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let component: String
    private let format: LogFormat
    private let levelControl: LogLevelControl
    private let destination: LogDestination
    private let now: @Sendable () -> LogTime
    private var ownLevel: Logger.Level?

    /// Makes the handler of one logger.
    ///
    /// - Parameters:
    ///   - label: The logger's label, which is shown as the component.
    ///   - format: How lines look.
    ///   - levelControl: The level that is shared with other loggers.
    ///   - destination: Where lines go.
    ///   - metadataProvider: Adds metadata to each event.
    public init(
        label: String,
        format: LogFormat,
        levelControl: LogLevelControl,
        destination: LogDestination = .standardError,
        metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.init(
            label: label,
            format: format,
            levelControl: levelControl,
            destination: destination,
            metadataProvider: metadataProvider,
            now: LogTime.now
        )
    }

    init(
        label: String,
        format: LogFormat,
        levelControl: LogLevelControl,
        destination: LogDestination,
        metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> LogTime
    ) {
        self.component = label
        self.format = format
        self.levelControl = levelControl
        self.destination = destination
        self.metadataProvider = metadataProvider
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
    }

    /// The logger's metadata, over it the provider's, over it the event's own. An error of the event stands under
    /// `error`, unless the event's metadata says something else there.
    private func merged(_ event: LogEvent) -> Logger.Metadata {
        let error: Logger.Metadata = event.error.map { ["error": "\($0)"] } ?? [:]
        return [metadataProvider?.get(), error, event.metadata].reduce(into: metadata) { merged, more in
            merged.merge(more ?? [:]) { _, newer in newer }
        }
    }
}
