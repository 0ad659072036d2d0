import BridgeCore

/// What Domoticz's reader makes of a document, by the rules of its `hardware/MQTTAutoDiscover.cpp` of 2025-09-20
/// (commit 85308e9).
struct DomoticzRules {
    let prefix: String

    /// `allowed_components`; every other one is ignored without a word, `device` among them.
    static let components: Set = [
        "binary_sensor", "button", "climate", "cover", "device_automation", "light", "lock", "number", "select",
        "sensor", "switch", "fan", "text",
    ]

    /// Keys that are read of the components that we have, in both spellings where it knows two.
    static let keys: Set = [
        "name", "unique_id", "uniq_id", "device", "dev", "enabled_by_default", "availability_topic", "avty_t",
        "payload_available", "pl_avail", "payload_not_available", "pl_not_avail", "state_topic", "stat_t", "state_on",
        "stat_on", "state_off", "stat_off", "command_topic", "cmd_t", "unit_of_measurement", "unit_of_meas",
        "value_template", "val_tpl", "icon", "ic", "state_class", "stat_cla", "device_class", "dev_cla", "payload_on",
        "pl_on", "payload_off", "pl_off", "payload_press", "pl_prs", "qos", "options", "ops", "mode_command_topic",
        "mode_cmd_t", "mode_state_topic", "mode_stat_t", "mode_state_template", "mode_stat_tpl", "modes",
        "temperature_command_topic", "temp_cmd_t", "temperature_state_topic", "temp_stat_t",
        "temperature_state_template", "temp_stat_tpl", "temperature_unit",
        "temp_unit", "min_temp", "max_temp", "temp_step",
        "current_temperature_topic", "curr_temp_t", "current_temperature_template", "curr_temp_tpl", "preset_modes",
        "pr_modes", "preset_mode_command_topic", "pr_mode_cmd_t", "preset_mode_state_topic", "pr_mode_stat_t",
    ]
    static let deviceKeys: Set = [
        "identifiers", "ids", "name", "manufacturer", "mf", "model", "mdl", "sw_version", "sw",
    ]

    /// Ids of objects that are dropped as settings nobody needs.
    static let droppedIDs: Set = [
        "update_available", "power_on_behavior", "power_outage_memory", "update_state", "over-load_status",
        "linkquality", "last_seen", "sensitivity",
        "color_temp_startup", "requested_brightness_level", "requested_brightness_percent",
        "hardware_status", "connection_state", "log_level", "restart",
    ]
    static let droppedParts = ["_address", "_ssid", "_signal_sensor"]
    static let droppedPartsOfSensors = ["sensitivity", "alarm", "_calibration", "scene_state_scene"]
    /// Taken as the battery of the whole device, or as a key that was pressed.
    static let specialSensors: Set = ["battery", "battery_low", "battery_level", "action"]
    /// Added, but hidden.
    static let hiddenParts = ["_status", "_unknown", "tamper", "battery", "child_lock", "indicator_mode"]

    /// Why it would not make of a document what is meant; empty for a good one.
    func problems(of message: Publication) -> [String] {
        let levels = message.topic.split(separator: "/").map(String.init)
        let prefixLevels = prefix.split(separator: "/").map(String.init)
        guard levels.starts(with: prefixLevels) else { return ["it is not below the prefix"] }
        let rest = Array(levels.dropFirst(prefixLevels.count))
        guard rest.count == 3, rest[2] == "config" else { return ["the topic has not three levels"] }
        guard Self.components.contains(rest[0]) else { return ["the component \(rest[0]) is ignored"] }
        guard case .object(let members)? = try? JSONValue(parsing: message.payload) else { return ["it is no object"] }
        let document = Document(component: rest[0], id: rest[1], members: members)
        return document.idProblems + document.memberProblems + document.componentProblems
    }

    private struct Document {
        let component: String
        let id: String
        let members: [JSONValue.Member]

        subscript(key: String) -> JSONValue? { JSONValue.object(members)[key] }

        func text(_ keys: String...) -> String? {
            for key in keys { if case .string(let text)? = self[key] { return text } }
            return nil
        }

        var idProblems: [String] {
            let isSensor = component == "sensor"
            let isDropped =
                droppedIDs.contains(id) || droppedParts.contains(where: id.contains)
                || (isSensor && droppedPartsOfSensors.contains(where: id.contains))
                || (isSensor && (id.hasSuffix("_min") || id.hasSuffix("_max")))
                || (isSensor && (id.hasPrefix("min_") || id.hasPrefix("max_")))
            let isSpecial =
                (isSensor && specialSensors.contains(id)) || id.hasPrefix("action") || id.hasPrefix("click")
            return (isDropped ? ["the id \(id) is dropped"] : []) + (isSpecial ? ["the id \(id) is special"] : [])
                + (hiddenParts.contains(where: id.contains) ? ["the id \(id) is hidden"] : [])
        }

        var memberProblems: [String] {
            var problems: [String] = []
            for member in members where !keys.contains(member.key) { problems.append("it does not know \(member.key)") }
            if case .object(let device)? = self["device"] ?? self["dev"] {
                problems += device.filter { !deviceKeys.contains($0.key) }.map { "it does not know device.\($0.key)" }
            }
            if let id = text("unique_id", "uniq_id"), id != self.id { problems.append("the ids differ") }
            for case (let key, .string(let text)) in members.map({ ($0.key, $0.value) }) {
                if text.contains("~") { problems.append("\(key) has a ~") }
                let isTemplate = key.hasSuffix("_template") || key.hasSuffix("_tpl")
                if isTemplate, text.wholeMatch(of: #/\{\{ value_json\.[a-z_]+ \}\}/#) == nil {
                    problems.append("\(key) is more than one member")
                } else if !isTemplate, text.contains("{{") {
                    problems.append("\(key) is a template")
                }
            }
            return problems
        }

        var componentProblems: [String] {
            switch component {
            case "sensor": text("state_topic", "stat_t") == nil ? ["a sensor has a state_topic"] : []
            case "switch": text("command_topic", "cmd_t") == nil ? ["a switch has a command_topic"] : []
            case "button":
                text("command_topic", "cmd_t") == nil || text("payload_press", "pl_prs") == nil
                    ? ["a button has a command_topic and a payload_press"] : []
            case "binary_sensor":
                text("state_topic", "stat_t") == nil ? ["a binary_sensor has a state_topic"] : []
            case "select":
                (text("command_topic", "cmd_t") == nil ? ["a select has a command_topic"] : [])
                    + (list("options") + list("ops") == [] ? ["a select has options"] : [])
            case "climate":
                (text("temperature_command_topic", "temp_cmd_t") == nil
                    ? ["a climate has a temperature_command_topic"] : [])
                    + (list("modes") != [] && text("mode_command_topic", "mode_cmd_t") == nil
                        ? ["modes have a mode_command_topic"] : [])
            default: ["nothing here makes a \(component)"]
            }
        }

        private func list(_ key: String) -> [JSONValue] {
            if case .array(let elements)? = self[key] { elements } else { [] }
        }
    }
}
