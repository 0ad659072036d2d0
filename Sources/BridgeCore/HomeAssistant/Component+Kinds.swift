/// Entities that several devices have.
///
/// All read JSON topics, where what is unknown is `null`: the topic of an attribute is empty then, and Home Assistant would
/// go on to show the last value.
extension Component {
    /// A temperature in °C.
    ///
    /// - Parameters:
    ///   - value: An expression, such as `value_json.setpoint`.
    ///   - digits: How many are shown behind the point.
    static func temperature(_ key: String, _ value: String, digits: Int = 1) -> Component {
        Component(
            key,
            .sensor,
            [
                "state_topic": "~",
                "value_template": "{{ \(value) }}",
                "device_class": "temperature",
                "state_class": "measurement",
                "unit_of_measurement": "°C",
                "suggested_display_precision": .integer(digits),
            ]
        )
    }

    /// A time, or none.
    static func moment(_ key: String, _ value: String, on topic: JSONValue = "~") -> Component {
        Component(
            key,
            .sensor,
            ["state_topic": topic, "value_template": "{{ \(value) }}", "device_class": "timestamp"]
        )
    }

    static let overrideEnd = moment("override_end", "value_json.until")

    static let nextSwitchpoint = moment("next_switchpoint", next("at"))

    /// What the schedule says of the next switchpoint; `none` without one.
    static func next(_ member: String) -> String {
        "value_json.schedule.next.\(member) if value_json.schedule.next else none"
    }

    /// Who changed it last. A retained state of an older version does not say it.
    static let changedBy = Component(
        "changed_by",
        .sensor,
        [
            "state_topic": "~",
            "value_template": "{{ (value_json.get('changed') or {}).get('by') }}",
            "device_class": "enum",
            "options": .array(Change.Cause.allCases.map { .string($0.rawValue) }),
            "json_attributes_topic": "~",
            "json_attributes_template": "{{ {'at':(value_json.get('changed') or {}).get('at')} | to_json }}",
            "icon": "mdi:account-edit",
            "entity_category": "diagnostic",
        ]
    )

    /// Brings something back to its normal state.
    static func reset(_ topic: JSONValue, _ payload: JSONValue) -> Component {
        Component(
            "reset",
            .button,
            ["command_topic": topic, "payload_press": payload, "icon": "mdi:restart", "entity_category": "config"]
        )
    }

    /// Adds presets, if there are any.
    ///
    /// - Parameters:
    ///   - presets: Those that are possible.
    ///   - normal: The mode for Home Assistant's preset `none`.
    func withPresets(_ presets: WordTable, normal: String) -> Component {
        guard !presets.words.isEmpty else { return self }
        return with([
            "preset_modes": .array(presets.theirs),
            "preset_mode_state_topic": "~",
            "preset_mode_value_template": presets.stateTemplate(else: "none"),
            "preset_mode_command_topic": "~/set/mode",
            "preset_mode_command_template": presets.commandTemplate(else: normal),
        ])
    }
}

/// One entity for each class of fault.
///
/// The vendor's kinds of fault are an open set, so they are classified by a part of their names.
extension Component {
    /// - Parameter availability: Topics that say `online` while they can be relied on, where those of the device do not do.
    static func faults(availability: JSONValue? = nil) -> [Component] {
        [
            fault("battery", on: "value_json.faults | \(select(lowBattery))", availability),
            fault("connectivity", on: "not value_json.faults | \(select(lostContact))", availability),
            fault("problem", on: "value_json.faults | \(reject(lowBattery)) | \(reject(lostContact))", availability),
        ]
    }

    private static let lowBattery = "low_battery"
    /// What a boiler or a valve has lost is not the radio contact of the device itself.
    private static let lostContact = "^(?!boiler|.*valve).*communication_lost"

    private static func select(_ pattern: String) -> String { "selectattr('type','search','\(pattern)')" }
    private static func reject(_ pattern: String) -> String { "rejectattr('type','search','\(pattern)')" }

    private static func fault(_ key: String, on condition: String, _ availability: JSONValue?) -> Component {
        Component(
            key,
            .binarySensor,
            [
                "state_topic": "~",
                "value_template": "{{ 'ON' if \(condition) | list else 'OFF' }}",
                "device_class": .string(key),
                "entity_category": "diagnostic",
                "availability": availability,
            ]
        )
    }
}
