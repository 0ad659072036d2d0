/// Why a simulator cannot be set up.
public enum SimulatorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No built-in home has this name, and no folder either.
    case unknownHome(String)
    /// A folder of captures that cannot be read, and why.
    case unreadableHome(path: String, reason: String)
    /// A certificate or key that cannot be read, and why.
    case unusableCertificate(path: String, reason: String)
    /// A setting that makes no sense, and what is allowed.
    case invalidSetting(String)
    /// No home has such a thing.
    case unknownDevice(String)
    /// The simulator ended before it listened.
    case notRunning

    /// One sentence that says what to do.
    public var description: String {
        switch self {
        case .unknownHome(let name):
            "No home is called \"\(name)\": name a folder of captures or one of \(BuiltInHome.names)."
        case .unreadableHome(let path, let reason): "The home in \(path) cannot be read: \(reason)."
        case .unusableCertificate(let path, let reason): "The certificate or key in \(path) cannot be used: \(reason)."
        case .invalidSetting(let sentence): sentence
        case .unknownDevice(let device): "No home has a \(device)."
        case .notRunning: "The simulator ended before it listened."
        }
    }
}
