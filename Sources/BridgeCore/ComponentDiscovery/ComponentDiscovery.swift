public import HeatingModel

/// Announces everything a second time, for readers of discovery that know no devices, such as Domoticz and openHAB before
/// 5.2: one retained document for each entity, on `<prefix>/<component>/<id>/config`.
///
/// Such readers hardly understand templates, so the documents read the topics of attributes. What they may hold was taken
/// from Domoticz's `hardware/MQTTAutoDiscover.cpp`, and `ComponentDiscoveryTests` hold them to its rules. They have a prefix
/// of their own, because Home Assistant would show everything twice.
public struct ComponentDiscovery: Equatable, Sendable {
    /// The topic that the documents are below, such as `domoticz`.
    public let prefix: String
    public let bridge: BridgeTopics
    /// The program's version.
    public let version: String

    public init(prefix: String, bridge: BridgeTopics, version: String) {
        self.prefix = prefix
        self.bridge = bridge
        self.version = version
    }

    /// Where Domoticz says `online` once it has started.
    public var birthTopics: [String] { ["\(prefix)/status"] }

    /// The documents of the bridge itself.
    ///
    /// - Parameter account: The account's id.
    public func messages(forBridgeOf account: String) -> [Publication] {
        bridgeEntities(of: account).map(message)
    }

    /// The documents of a site.
    public func messages(for site: SiteDevices, in layout: TopicLayout) -> [Publication] {
        entities(of: site.system, zones: site.zones, name: site.name, modes: site.modes, topic: layout.topic)
            .map(message)
    }

    /// The topics of all documents that there can be for an installation.
    public func topics(of installation: Installation) -> [String] {
        let sites = installation.systems.flatMap { _, system in
            // With every known mode, since a status can show one that the installation does not list.
            let zones = system.zones.filter { !$0.isGhost(with: nil) }
            return entities(of: system, zones: zones, name: "", modes: SystemMode.known) { _ in "" }
        }
        return (bridgeEntities(of: installation.accountID) + sites).map(topic)
    }

    private func topic(of entity: ComponentDocument) -> String {
        "\(prefix)/\(entity.kind.rawValue)/\(entity.id)/config"
    }

    private func message(for entity: ComponentDocument) -> Publication {
        Publication(topic: topic(of: entity), payload: entity.json(availability: bridge.state).text)
    }
}

// What there is an entity for.

extension ComponentDiscovery {
    private func bridgeEntities(of account: String) -> [ComponentDocument] {
        let owner = ComponentDocument.Owner(
            id: Device.bridgeID(of: account, at: bridge),
            name: "evohome bridge",
            manufacturer: "evohome-mqtt",
            model: "Bridge",
            softwareVersion: version
        )
        return [
            owner.flag("online", "Online", on: bridge.state, "online", "offline").withoutAvailability,
            // Its topic is the only one here that is JSON.
            owner.sensor(
                "cloud",
                "Cloud",
                ["state_topic": .string(bridge.cloud), "value_template": "{{ value_json.state }}"]
            ),
            owner.button("refresh", "Refresh", on: bridge.request("refresh"), "{}"),
        ]
    }

    /// - Parameters:
    ///   - zones: Those of the system that are no ghosts.
    ///   - modes: Those that the system can be seen in or put into.
    ///   - topic: The topic of a target; `nil` for one that has none.
    private func entities(
        of system: ControlSystem,
        zones: [Zone],
        name: String,
        modes: [SystemMode],
        topic: (Target) -> String?
    ) -> [ComponentDocument] {
        var entities: [ComponentDocument] = []
        if let topic = topic(.system(system.id)) { entities += controlSystem(system, name, modes, at: topic) }
        if let hotWater = system.hotWater, let topic = topic(.hotWater(hotWater.id, in: system.id)) {
            entities += self.hotWater(hotWater, at: topic)
        }
        for zone in zones {
            if let topic = topic(.zone(zone.id, in: system.id)) { entities += self.zone(zone, at: topic) }
        }
        return entities
    }

    private func controlSystem(
        _ system: ControlSystem,
        _ name: String,
        _ modes: [SystemMode],
        at topic: String
    ) -> [ComponentDocument] {
        let owner = ComponentDocument.Owner(
            id: Device.id("system", system.id.text),
            name: name,
            model: Device.model(of: system)
        )
        let lasting = modes.filter { $0 != .autoWithReset }.map(\.rawValue)
        let site = topic.dropLast("system".count)
        var entities = [owner.flag("connection", "Connection", on: "\(site)availability", "online", "offline")]
        if !lasting.isEmpty { entities.append(owner.mode(lasting, at: topic)) }
        if modes.contains(.autoWithReset) {
            entities.append(
                owner.button("reset", "Reset", on: "\(topic)/set/mode", SystemMode.autoWithReset.rawValue)
            )
        }
        return entities
    }

    private func hotWater(_ hotWater: HotWater, at topic: String) -> [ComponentDocument] {
        let owner = ComponentDocument.Owner(
            id: Device.id("hot_water", hotWater.id.text),
            name: "Hot water",
            model: Device.hotWaterModel
        )
        let modes = hotWater.allowedModes.inOrder.map(\.rawValue)
        return [
            owner.main(
                .switch,
                [
                    "state_topic": .string("\(topic)/state"),
                    "command_topic": .string("\(topic)/set/state"),
                    "payload_on": "on",
                    "payload_off": "off",
                ]
            ),
            owner.sensor(
                "temperature",
                "Temperature",
                [
                    "state_topic": .string("\(topic)/temperature"),
                    "unit_of_measurement": "°C",
                    "device_class": "temperature",
                    "state_class": "measurement",
                ]
            ),
            owner.flag("available", "Available", on: "\(topic)/available", "true", "false"),
            owner.button("boost", "Boost", on: "\(topic)/set", #"{"state":"on","duration":"1h"}"#),
        ] + (modes.isEmpty ? [] : [owner.mode(modes, at: topic)])
    }

    private func zone(_ zone: Zone, at topic: String) -> [ComponentDocument] {
        let owner = ComponentDocument.Owner(
            id: Device.id("zone", zone.id.text),
            name: zone.shownName,
            model: Device.model(of: zone)
        )
        let modes = zone.setpoint.allowedModes.inOrder.map { JSONValue.string($0.rawValue) }
        return [
            owner.main(
                .climate,
                [
                    "temperature_state_topic": .string("\(topic)/setpoint"),
                    "temperature_command_topic": .string("\(topic)/set/setpoint"),
                    "current_temperature_topic": .string("\(topic)/temperature"),
                    "temperature_unit": "C",
                    "min_temp": zone.setpoint.minimum.map(JSONValue.init),
                    "max_temp": zone.setpoint.maximum.map(JSONValue.init),
                    "temp_step": zone.setpoint.step.map(JSONValue.init),
                    "modes": modes.isEmpty ? nil : .array(modes),
                    "mode_state_topic": modes.isEmpty ? nil : .string("\(topic)/mode"),
                    "mode_command_topic": modes.isEmpty ? nil : .string("\(topic)/set/mode"),
                ]
            ),
            owner.flag("available", "Available", on: "\(topic)/available", "true", "false"),
        ]
    }
}

extension [SetpointMode] {
    /// The normal one first, which Domoticz shows as the lowest level of a selector.
    fileprivate var inOrder: [SetpointMode] {
        let usual: [SetpointMode] = [.followSchedule, .temporaryOverride, .permanentOverride]
        return usual.filter(contains) + filter { !usual.contains($0) }
    }
}
