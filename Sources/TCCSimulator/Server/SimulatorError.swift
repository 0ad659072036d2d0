/// Why a simulator cannot be set up or changed.
public enum SimulatorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// This is neither the name of a built-in home nor a folder.
    case unknownHome(String, builtIn: [String])
    /// A folder of captures that cannot be read, and why.
    case unreadableHome(path: String, reason: String)
    /// A certificate or key that cannot be read, and why.
    case unusableCertificate(path: String, reason: String)
    /// A setting with an invalid value, and what is allowed.
    case invalidSetting(String)
    /// No home has this device.
    case unknownDevice(String)
    /// The simulator ended before it listened.
    case notRunning

    /// One sentence for people.
    public var description: String {
        switch self {
        case .unknownHome(let name, let builtIn):
            "There is no home \"\(name)\": give a folder of captures or one of \(builtIn.joined(separator: ", "))."
        case .unreadableHome(let path, let reason): "The home in \(path) cannot be read: \(reason)."
        case .unusableCertificate(let path, let reason): "The certificate or key in \(path) cannot be used: \(reason)."
        case .invalidSetting(let sentence): sentence
        case .unknownDevice(let device): "There is no \(device)."
        case .notRunning: "The simulator ended before it listened."
        }
    }
}
