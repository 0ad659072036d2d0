/// Where the value of a key came from.
enum SettingSource: Sendable, Hashable {
    case flag(SettingKey)
    case environment(SettingKey)
    case file(path: String, line: Int)
    /// Home Assistant's, which names a broker to its add-ons.
    case supervisor
    case standard
}

extension SettingSource: CustomStringConvertible {
    var description: String {
        switch self {
        case .flag(let key): "--\(key.flagName)"
        case .environment(let key): key.environmentName
        case .file(let path, let line): "\(path) line \(line)"
        case .supervisor: "Home Assistant's Supervisor"
        case .standard: "default"
        }
    }
}

/// A value as a source gave it, before anybody knows what it means.
enum RawSetting: Sendable, Hashable {
    case text(String)
    case list([String])

    /// The items of a list, which flags and the environment write with commas.
    var items: [String] {
        switch self {
        case .text(let text): text.split(separator: ",").map(String.init)
        case .list(let items): items
        }
    }

    /// Whether somebody wrote the key and nothing behind it.
    var isEmpty: Bool { self == .text("") }
}

/// The value as people write it; only for keys that are not secret.
extension RawSetting: CustomStringConvertible {
    var description: String {
        switch self {
        case .text(let text): text.trimmed
        case .list(let items): items.joined(separator: ", ")
        }
    }
}
