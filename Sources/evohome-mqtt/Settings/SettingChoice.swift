import BridgeCore
import Logging
import MosquittoClient
import Observability

/// A setting that is one of a few words.
protocol SettingChoice: CaseIterable, Sendable {
    /// The word in lower case.
    var word: String { get }
}

extension SettingChoice where Self: RawRepresentable<String> {
    var word: String { rawValue }
}

extension SettingChoice {
    /// The words that are allowed, in the order in which they are documented.
    static var words: [String] { allCases.map(\.word) }

    /// Takes a word in any case. Where `on` and `off` are words, so are `true`, `yes` and the others that editors and
    /// converters of YAML make of them.
    static func parse(_ text: String) -> Self? {
        let known = [text.lowercased(), OnOff(text)?.rawValue]
        return allCases.first { known.contains($0.word) }
    }
}

/// The words of YAML 1.1 for true and false, and the digits that environments hold.
enum OnOff: String {
    case on, off

    /// - Parameter text: The word in any case.
    init?(_ text: String) {
        switch text.lowercased() {
        case "on", "true", "yes", "1": self = .on
        case "off", "false", "no", "0": self = .off
        default: return nil
        }
    }
}

/// Whether high-precision temperatures are read.
enum HighPrecision: String, SettingChoice { case auto, on, off }

extension MQTTConfiguration.Version: SettingChoice {
    static let allCases: [MQTTConfiguration.Version] = [.automatic, .version5, .version311]

    var word: String {
        switch self {
        case .automatic: "auto"
        case .version5: "5"
        case .version311: "3.1.1"
        }
    }
}

extension TopicLayout.Naming: SettingChoice {}
extension StateOutput: SettingChoice {}
extension LogFormat: SettingChoice {}
extension Logger.Level: SettingChoice {}
