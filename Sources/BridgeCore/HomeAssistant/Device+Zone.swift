import HeatingModel

extension Device {
    /// A zone: a thermostat, with what is measured, set and planned.
    static func zone(_ zone: Zone, at topic: String) -> Device {
        let name = zone.shownName
        return Device(
            id: id("zone", zone.id.text),
            name: name,
            model: model(of: zone),
            area: name,
            topic: topic,
            components: [
                .thermostat(zone.setpoint, at: topic),
                .temperature("temperature", "value_json.temperature", digits: 2),
                .temperature("setpoint", "value_json.setpoint"),
                .temperature("next_setpoint", Component.next("setpoint")),
                .nextSwitchpoint,
                .overrideEnd,
                .reset("~/set/mode", "follow_schedule"),
                .changedBy,
            ] + Component.faults()
        )
    }

    /// Such as `Radiator zone`.
    static func model(of zone: Zone) -> String { zone.type.flatMap(words) ?? "Zone" }
}

extension Zone {
    /// Its name in documents; something else for one of blanks, which would leave Home Assistant without a name.
    var shownName: String { name.allSatisfy(\.isWhitespace) ? "Zone \(id)" : name }
}

extension Component {
    private static let presets = WordTable(words: [
        ("temporary_override", "temporary"), ("permanent_override", "permanent"),
    ])

    /// The words are those of Home Assistant's own evohome integration, and mean what they mean there: `off` holds the
    /// lowest setpoint for good, `heat` and the preset `none` follow the schedule.
    fileprivate static func thermostat(_ setpoint: SetpointCapabilities, at topic: String) -> Component {
        Component(
            main: .climate,
            [
                "temperature_state_topic": "~",
                "temperature_state_template": "{{ value_json.setpoint }}",
                "temperature_command_topic": "~/set/setpoint",
                "current_temperature_topic": "~",
                "current_temperature_template": "{{ value_json.temperature }}",
                "temperature_unit": "C",
                "min_temp": setpoint.minimum.map(JSONValue.init),
                "max_temp": setpoint.maximum.map(JSONValue.init),
                "temp_step": setpoint.step.map(JSONValue.init),
                "precision": 0.1,
                "json_attributes_topic": "~",
                "json_attributes_template": Attributes.zone(at: topic),
            ]
        )
        .withSwitch(at: setpoint.minimum)
        .withPresets(
            presets.filter { word in setpoint.allowedModes.contains { $0.rawValue == word } },
            normal: SetpointMode.followSchedule.rawValue
        )
    }

    /// - Parameter lowest: The setpoint in °C that counts as off; `nil` if none does.
    private func withSwitch(at lowest: Temperature?) -> Component {
        guard let off = lowest.map({ JSONValue($0).text }) else {
            return with([
                "modes": ["heat"], "mode_state_topic": "~", "mode_state_template": "heat",
            ])
        }
        return with([
            "modes": ["off", "heat"],
            "mode_state_topic": "~",
            "mode_state_template": .string(
                "{{ none if value_json.setpoint is none else 'off' if value_json.setpoint <= \(off) else 'heat' }}"
            ),
            "mode_command_topic": "~/set",
            "mode_command_template": .string(
                #"{{ '{"setpoint":\#(off),"until":"forever"}' if value == 'off' else '{"mode":"follow_schedule"}' }}"#
            ),
        ])
    }
}
