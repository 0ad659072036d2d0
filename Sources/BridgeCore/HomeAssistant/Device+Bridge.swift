extension Device {
    /// The bridge itself, with diagnostics. It is available while the cloud is away.
    ///
    /// - Parameter account: The account's id.
    static func bridge(_ topics: BridgeTopics, of account: String, version: String) -> Device {
        Device(
            id: bridgeID(of: account, at: topics),
            name: "evohome bridge",
            slug: "evohome_bridge",
            manufacturer: "evohome-mqtt",
            model: "Bridge",
            softwareVersion: version,
            availability: [topics.state],
            components: [
                // Available without the bridge, since it shows whether the bridge is there.
                .connection("connectivity", "value == 'online'", on: topics.state).with(["availability": []]),
                .connection("cloud", "value_json.state == 'ok'", on: topics.cloud),
                .diagnostic("cloud_state", "value_json.state", on: topics.cloud).with(["icon": "mdi:cloud"]),
                .diagnostic("last_update", "value_json.last_success", on: topics.cloud)
                    .with(["device_class": "timestamp"]),
                .diagnostic("token_expiry", "value_json.token_expires", on: topics.stats)
                    .with(["device_class": "timestamp"]),
                .diagnostic("calls_last_hour", "value_json.last_hour.calls.total", on: topics.stats)
                    .named("Calls in the last hour")
                    .with(["state_class": "measurement", "icon": "mdi:counter"]),
                .diagnostic("calls_today", "value_json.today.calls.total", on: topics.stats)
                    .with([
                        "state_class": "total_increasing",
                        "icon": "mdi:counter",
                        "json_attributes_topic": .string(topics.stats),
                        // By endpoint, and by what caused them.
                        "json_attributes_template":
                            "{{ {'calls':value_json.today.calls,'readings':value_json.today.readings} | to_json }}",
                    ]),
                .diagnostic("logins_left", "value_json.logins_left", on: topics.stats)
                    .with(["state_class": "measurement", "icon": "mdi:login"]),
                .diagnostic("logins", "value_json.since_start.logins", on: topics.stats)
                    .with(["state_class": "total_increasing", "icon": "mdi:login"]),
                .refresh(topics.request("refresh")),
                .outcome(on: topics.event).named("Last command"),
            ]
        )
    }

    /// The id of the bridge's device. Two bridges that share an account differ in their base topics.
    static func bridgeID(of account: String, at topics: BridgeTopics) -> String {
        id("bridge", topics.base == "evohome" ? account : "\(account)_\(topics.base)")
    }
}

extension Component {
    fileprivate static func connection(_ key: String, _ condition: String, on topic: String) -> Component {
        Component(
            key,
            .binarySensor,
            [
                "state_topic": .string(topic),
                "value_template": "{{ 'ON' if \(condition) else 'OFF' }}",
                "device_class": "connectivity",
                "entity_category": "diagnostic",
            ]
        )
    }

    fileprivate static func diagnostic(_ key: String, _ value: String, on topic: String) -> Component {
        Component(
            key,
            .sensor,
            [
                "state_topic": .string(topic), "value_template": "{{ \(value) }}", "entity_category": "diagnostic",
            ]
        )
    }

    fileprivate static func refresh(_ topic: String) -> Component {
        Component(
            "refresh",
            .button,
            [
                "command_topic": .string(topic), "payload_press": "{}", "icon": "mdi:refresh",
                "entity_category": "config",
            ]
        )
    }

    /// The outcome of the last command. Other events on the topic leave it as it is.
    fileprivate static func outcome(on topic: String) -> Component {
        Component(
            "command",
            .event,
            [
                "state_topic": .string(topic),
                "event_types": .array(Outcome.Kind.allCases.map { .string($0.rawValue) }),
                "value_template": .string(
                    "{% if value_json.type == 'command' %}{{ {'event_type':value_json.outcome.outcome,"
                        + "'topic':value_json.topic,'code':value_json.outcome.get('code'),"
                        + "'message':value_json.outcome.get('message')} | to_json }}{% endif %}"
                ),
                "icon": "mdi:message-reply-text",
            ]
        )
    }
}
