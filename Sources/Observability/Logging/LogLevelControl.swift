public import Logging
import Synchronization

/// The level that all loggers share. It can be changed while they are in use.
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

extension Logger.Level {
    /// Reads the name of a level as people write it in a configuration.
    ///
    /// - Parameter name: One of ``names``, in upper or lower case.
    public init?(name: String) {
        self.init(rawValue: name.lowercased())
    }

    /// The names of all levels, the least severe first: for messages that say what is allowed.
    public static var names: [String] { allCases.map(\.rawValue) }
}
