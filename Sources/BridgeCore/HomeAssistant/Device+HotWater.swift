import HeatingModel

extension Device {
    static let hotWaterModel = "Domestic hot water"

    /// Hot water.
    static func hotWater(_ hotWater: HotWater, at topic: String) -> Device {
        Device(
            id: id("hot_water", hotWater.id.text),
            name: "Hot water",
            model: hotWaterModel,
            topic: topic,
            components: [
                .waterHeater(at: topic),
                .hotWaterMode,
                .temperature("temperature", "value_json.temperature", digits: 2),
                .isHeated,
                Component(
                    "next_state",
                    .sensor,
                    [
                        "state_topic": "~", "value_template": "{{ \(Component.next("state")) }}",
                        "icon": "mdi:water-boiler",
                    ]
                ),
                .nextSwitchpoint,
                .overrideEnd,
                .boost,
                .reset("~/set/state", "auto"),
                .changedBy,
            ] + Component.faults()
        )
    }
}

extension Component {
    private static let modes: JSONValue = ["auto", "on", "off"]
    private static let mode: JSONValue = "{{ 'auto' if value_json.mode == 'follow_schedule' else value_json.state }}"

    /// As in Home Assistant's own evohome integration a mode lasts until the next switchpoint, and turning on or off is for
    /// good.
    ///
    /// The cloud reports no target. A water heater without a topic for one shows Home Assistant's own default (43.3 °C), so
    /// there is one that never has any.
    fileprivate static func waterHeater(at topic: String) -> Component {
        Component(
            main: .waterHeater,
            [
                "modes": modes,
                "mode_state_topic": "~",
                "mode_state_template": mode,
                "mode_command_topic": "~/set/state",
                "power_command_topic": "~/set",
                "payload_on": #"{"state":"on","until":"forever"}"#,
                "payload_off": #"{"state":"off","until":"forever"}"#,
                "current_temperature_topic": "~",
                "current_temperature_template": "{{ value_json.temperature }}",
                "temperature_state_topic": "~",
                "temperature_state_template": "{{ none }}",
                "temperature_unit": "C",
                "precision": 0.1,
                "json_attributes_topic": "~",
                "json_attributes_template": Attributes.hotWater(at: topic),
            ]
        )
    }

    fileprivate static let hotWaterMode = Component(
        "mode",
        .select,
        ["options": modes, "state_topic": "~", "value_template": mode, "command_topic": "~/set/state"]
    )

    /// Whether it is heated now, which `auto` does not say.
    fileprivate static let isHeated = Component(
        "on",
        .binarySensor,
        [
            "state_topic": "~", "value_template": "{{ value_json.state }}", "payload_on": "on", "payload_off": "off",
            "icon": "mdi:water-boiler",
        ]
    )
    .named("Heating")

    fileprivate static let boost = Component(
        "boost",
        .button,
        ["command_topic": "~/set", "payload_press": #"{"state":"on","duration":"1h"}"#, "icon": "mdi:water-boiler"]
    )
}
