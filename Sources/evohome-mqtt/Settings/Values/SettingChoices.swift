import Logging
import Observability

/// A setting that is one of a few words.
protocol SettingChoice: RawRepresentable<String>, CaseIterable, Sendable {}

extension SettingChoice {
    /// The words that are allowed, in the order in which they are documented.
    static var names: [String] { allCases.map(\.rawValue) }

    /// Takes a word in any case. Where `on` and `off` are words, so are `true`, `yes` and the others that editors and
    /// converters of YAML make of them.
    static func parse(_ text: String) -> Self? {
        Self(rawValue: text.lowercased()) ?? OnOff(text).flatMap { Self(rawValue: $0.rawValue) }
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

/// Whether temperatures are read through the older API, which has them to 0.01 °C.
enum HighPrecision: String, SettingChoice { case auto, on, off }

/// The version of MQTT that the bridge speaks.
enum MQTTProtocol: String, SettingChoice {
    /// 5, and 3.1.1 where the broker refuses it.
    case auto
    case version5 = "5"
    case version311 = "3.1.1"
}

/// What stands for sites and zones in topics.
enum TopicIDs: String, SettingChoice { case name, id }

/// Which forms of the state are published.
enum MQTTOutput: String, SettingChoice { case json, attributes, both }

/// The form of a line of the log.
extension LogFormat: SettingChoice {}
extension Logger.Level: SettingChoice {}
