public import Logging
import Synchronization

/// The level that all loggers share, and that can be changed while they are in use.
///
/// A logger whose own level was set keeps that one.
public final class LogLevelControl: Sendable {
    private let shared: Mutex<Logger.Level>

    /// - Parameter level: The level to begin with; less severe events are not logged.
    public init(_ level: Logger.Level = .info) {
        self.shared = Mutex(level)
    }

    /// The least severe level that is logged.
    public var level: Logger.Level {
        get { shared.withLock { $0 } }
        set { shared.withLock { $0 = newValue } }
    }
}
