/// The commented example: every key with what it is for, what is allowed, and its default.
enum ExampleFile {
    /// The text of `config/evohome-mqtt.yaml`, which a bridge can be started with as it is.
    static let text: String = {
        let sections = SettingKey.sections.map { section in
            let keys = SettingKey.allCases.filter { $0.section == section }.map(entry)
            return "\(section):\n" + keys.joined(separator: "\n")
        }
        return introduction + "\n" + sections.joined(separator: "\n")
    }()

    private static let introduction = """
        # The configuration of evohome-mqtt: every key, at its default or commented out where it has none.
        # A flag such as --mqtt-url is stronger than the environment (EVOHOME_MQTT_URL), which is stronger than this file.
        # A time is from 1s to 36500d: numbers with units, such as 180s, 30m, 1h30m or 3d.

        """

    private static func entry(_ key: SettingKey) -> String {
        let definition = key.definition
        let later = definition.isInForce ? "" : " (Not in force yet.)"
        let mark = definition.defaultText == nil ? "# " : ""
        let rule = needsRule(definition.kind) ? "  # Must be \(definition.kind.allowed).\n" : ""
        return """
              # \(definition.documentation)\(later)
            \(rule)  \(mark)\(key.nameInSection): \(definition.exampleText)

            """
    }

    /// Whether a reader could not guess from the value and the introduction what else is allowed.
    private static func needsRule(_ kind: SettingKind) -> Bool {
        switch kind {
        case .text, .secret, .path, .duration, .durationOrOff: false
        default: true
        }
    }
}
