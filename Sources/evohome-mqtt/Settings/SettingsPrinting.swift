import Basics
import BridgeCore

/// The configuration in force, for people: every key, its value and where that came from, and no secret.
struct EffectiveConfiguration: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let key: SettingKey
        /// `<secret>` if the value is secret; `nil` if there is none.
        let value: String?
        let source: SettingSource
    }

    /// A row for each setting, in the order of the table.
    let rows: [Row]
}

extension EffectiveConfiguration {
    /// For `bridge/info`.
    var json: JSONValue {
        .object(rows.map { JSONValue.Member($0.key.name, JSONValue($0.value)) })
    }

    /// The keys whose values are not what they were. A secret that was replaced by another looks the same here.
    func differences(from earlier: EffectiveConfiguration) -> [SettingKey] {
        let values = Dictionary(earlier.rows.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        return rows.filter { values[$0.key] != $0.value }.map(\.key)
    }
}

extension EffectiveConfiguration: CustomStringConvertible {
    /// Three columns: key, value or `-`, source.
    var description: String {
        let lines = rows.map { (key: $0.key.name, value: $0.value ?? "-", source: "\($0.source)") }
        let keyWidth = lines.map(\.key.count).max() ?? 0
        let valueWidth = min(lines.map(\.value.count).max() ?? 0, 40)
        return lines.map { line in
            line.key.padded(to: keyWidth) + "  " + line.value.padded(to: valueWidth) + "  " + line.source
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// The commented example: every key with what it is for, what is allowed, and its default.
enum ExampleFile {
    /// The text of `config/evohome-mqtt.yaml`, which a bridge can be started with as it is.
    static let text: String = {
        let sections = Setting.sections.map { section in
            let settings = Setting.all.filter { $0.key.section == section }.map(entry)
            return "\(section):\n" + settings.joined(separator: "\n")
        }
        return introduction + "\n" + sections.joined(separator: "\n")
    }()

    private static let introduction = """
        # The configuration of evohome-mqtt. Every key is shown with its default, or commented out if it has none.
        # A flag such as --mqtt-url overrides the environment (EVOHOME_MQTT_URL), which overrides this file.
        # A duration is from 1s to 36500d and has a unit: 180s, 30m, 1h30m, 3d or PT1H30M.

        """

    private static func entry(_ setting: Setting) -> String {
        let rule = setting.rule.map { "  # \($0)\n" } ?? ""
        let mark = setting.defaultText == nil ? "# " : ""
        return """
              # \(setting.help)
            \(rule)  \(mark)\(setting.key.nameInSection): \(setting.exampleText)

            """
    }
}

/// The JSON schema of the configuration file, for editors that check and complete YAML.
enum SettingsSchema {
    /// The text of `config/evohome-mqtt.schema.json`.
    static let text: String = {
        let sections = Setting.sections.map { section in
            let settings = Setting.all.filter { $0.key.section == section }
            return JSONValue.Member(section, object(settings.map { .init($0.key.nameInSection, schema(of: $0)) }))
        }
        let head: [JSONValue.Member] = [
            .init("$schema", .string("http://json-schema.org/draft-07/schema#")),
            .init("title", .string("The configuration of evohome-mqtt")),
        ]
        guard case .object(let root) = object(sections) else { return "" }
        return JSONValue.object(head + root).lines(toDepth: 5) + "\n"
    }()

    /// A section; one whose keys are all commented out is null.
    private static func object(_ properties: [JSONValue.Member]) -> JSONValue {
        [
            "type": [.string("object"), .string("null")],
            "additionalProperties": .bool(false),
            "properties": .object(properties),
        ]
    }

    private static func schema(of setting: Setting) -> JSONValue {
        let standard = setting.defaultText.map { [JSONValue.Member("default", setting.values.json($0))] } ?? []
        return .object([.init("description", .string(setting.help))] + setting.values.schema + standard)
    }
}
