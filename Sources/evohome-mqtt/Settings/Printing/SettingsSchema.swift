import Foundation

/// The JSON schema of the configuration file, for editors that check and complete YAML.
enum SettingsSchema {
    /// The text of `config/evohome-mqtt.schema.json`.
    ///
    /// - Throws: Never in practice: only for values that JSON cannot hold.
    static func text() throws -> String {
        let sections = SettingKey.sections.map { section in
            let keys = SettingKey.allCases.filter { $0.section == section }.map { ($0.nameInSection, schema(of: $0)) }
            return (section, object(properties: keys))
        }
        var root = object(properties: sections)
        root["$schema"] = "http://json-schema.org/draft-07/schema#"
        root["title"] = "The configuration of evohome-mqtt"
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try JSONSerialization.data(withJSONObject: root, options: options), as: UTF8.self)
            + "\n"
    }

    /// A section; one whose keys are all commented out is null.
    private static func object(properties: [(String, [String: Any])]) -> [String: Any] {
        [
            "type": ["object", "null"],
            "additionalProperties": false,
            "properties": Dictionary(uniqueKeysWithValues: properties),
        ]
    }

    private static func schema(of key: SettingKey) -> [String: Any] {
        let definition = key.definition
        var schema = form(of: definition.kind)
        schema["description"] = definition.documentation
        if let defaultText = definition.defaultText { schema["default"] = value(defaultText, of: definition.kind) }
        return schema
    }

    private static func form(of kind: SettingKind) -> [String: Any] {
        switch kind {
        case .text, .secret, .path, .topic: ["type": ["string", "number", "null"]]
        case .list: ["type": ["string", "number", "array", "null"], "items": ["type": ["string", "number"]]]
        case .boolean: ["type": ["boolean", "null"]]
        case .integer(let range):
            ["type": ["integer", "null"], "minimum": range.lowerBound, "maximum": range.upperBound]
        case .duration: ["type": ["string", "integer", "null"], "pattern": durationPattern, "minimum": 1]
        case .durationOrOff: ["type": ["string", "integer", "null"], "pattern": durationPattern, "minimum": 0]
        case .choice(let type): ["enum": words(type.names)]
        case .cloudURL: ["type": ["string", "null"], "pattern": "^https?://"]
        case .brokerURL: ["type": ["string", "null"], "pattern": "^mqtts?://"]
        case .listenAddress:
            ["enum": ["off", false, NSNull()]].asAlternative(to: ["type": "string", "pattern": ":[0-9]+$"])
        }
    }

    private static let durationPattern = "^([0-9]+|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?)$"

    /// The words as YAML reads them: `5` is a number, and `on` and `off` are booleans to many readers.
    private static func words(_ names: [String]) -> [Any] {
        let numbers = names.compactMap { Int($0) }
        let booleans = names.compactMap { OnOff($0) }.filter { names.contains($0.rawValue) }.map { $0 == .on }
        return names + numbers + booleans + [NSNull()]
    }

    private static func value(_ text: String, of kind: SettingKind) -> Any {
        switch kind {
        case .boolean: text == "true"
        case .integer: Int(text) ?? 0
        default: text
        }
    }
}

extension [String: Any] {
    fileprivate func asAlternative(to other: [String: Any]) -> [String: Any] { ["anyOf": [self, other]] }
}
