public import Logging

extension Logger.Level {
    /// Reads the name of a level as people write it in a configuration.
    ///
    /// - Parameter name: One of ``names``, in any case.
    public init?(name: String) {
        self.init(rawValue: name.lowercased())
    }

    /// The names of all levels, the least severe first: for messages that say what is allowed.
    public static var names: [String] { allCases.map(\.rawValue) }
}
