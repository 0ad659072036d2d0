import HeatingModel

extension Device {
    /// What the vendor sells them as.
    private static let products = [
        "evo_touch": "evohome", "vision_pro_wifi_retail": "VisionPRO Wi-Fi", "focus_pro_wifi_retail": "FocusPRO Wi-Fi",
        "round_wireless": "Round Wireless",
    ]

    /// A control system together with its gateway.
    ///
    /// - Parameter account: The account's id.
    static func controlSystem(
        _ site: SiteDevices,
        at topic: String,
        through bridge: BridgeTopics,
        of account: String
    ) -> Device {
        let modes = site.modes
        return Device(
            id: id("system", site.system.id.text),
            name: site.name,
            model: model(of: site.system),
            serialNumber: site.system.gatewayAddress,
            website: "https://international.mytotalconnectcomfort.com",
            parent: bridgeID(of: account, at: bridge),
            topic: topic,
            components: [
                .controller(modes, at: topic),
                .systemMode(modes),
                .moment("mode_end", "value_json.until"),
                modes.contains(.autoWithReset)
                    ? .reset("~/set/mode", .string(SystemMode.autoWithReset.rawValue)) : .absent("reset", .button),
                .changedBy,
            ]
                // A gateway that is lost makes all else unavailable; these say why.
                + Component.faults(availability: [["topic": .string(bridge.state)]])
        )
    }

    /// Such as `evohome`.
    static func model(of system: ControlSystem) -> String {
        system.model.flatMap { products[$0] ?? words($0) } ?? "Control system"
    }
}

extension Component {
    private static let presets = WordTable(words: [
        ("away", "away"), ("auto_with_eco", "eco"), ("day_off", "home"), ("custom", "Custom"),
    ])

    /// Thermostats without a controller have `off` and `cool` in place of the modes of an evohome.
    private static let hvacModes = WordTable(words: [("heating_off", "off"), ("off", "off"), ("cool", "cool")])

    /// The words are those of Home Assistant's own evohome integration. It has no temperatures, since a system has none.
    fileprivate static func controller(_ modes: [SystemMode], at topic: String) -> Component {
        let isPossible = { (word: String) in modes.contains { $0.rawValue == word } }
        let hvacModes = hvacModes.filter(isPossible)
        let normal = modes.contains(.auto) ? SystemMode.auto.rawValue : "heat"
        return Component(
            main: .climate,
            [
                "modes": .array(hvacModes.theirs + ["heat"]),
                "mode_state_topic": "~",
                "mode_state_template": hvacModes.stateTemplate(else: "heat"),
                "mode_command_topic": "~/set/mode",
                "mode_command_template": hvacModes.commandTemplate(else: normal),
                "temperature_unit": "C",
                "json_attributes_topic": "~",
                "json_attributes_template": Attributes.controlSystem(at: topic),
            ]
        )
        .withPresets(presets.filter(isPossible), normal: normal)
    }

    /// Every mode in the bridge's own words. A reset is not a mode that lasts, so it has a button.
    fileprivate static func systemMode(_ modes: [SystemMode]) -> Component {
        Component(
            "mode",
            .select,
            [
                "options": .array(modes.filter { $0 != .autoWithReset }.map { .string($0.rawValue) }),
                "state_topic": "~",
                "value_template": "{{ value_json.mode }}",
                "command_topic": "~/set/mode",
            ]
        )
    }
}
