public import HeatingModel

/// How Home Assistant learns of everything: one retained document for each device, on `<prefix>/device/<id>/config`.
///
/// Devices and entities are known by the vendor's ids, so that nothing comes back as new when it is renamed. What the
/// documents may hold stands at https://www.home-assistant.io/integrations/mqtt/; they work from 2025.4 on.
public struct HomeAssistantDiscovery: Equatable, Sendable {
    /// The topic that Home Assistant looks for devices under, such as `homeassistant`.
    public let prefix: String
    public let bridge: BridgeTopics
    /// The program's version.
    public let version: String

    public init(prefix: String, bridge: BridgeTopics, version: String) {
        self.prefix = prefix
        self.bridge = bridge
        self.version = version
    }

    /// Where Home Assistant says `online` once it has started. Its default stays as it is where the prefix is another.
    public var birthTopics: [String] {
        prefix == "homeassistant" ? ["homeassistant/status"] : ["homeassistant/status", "\(prefix)/status"]
    }

    /// The document of the bridge itself, which those of control systems refer to.
    ///
    /// - Parameter account: The account's id.
    public func message(forBridgeOf account: String) -> StateMessage {
        message(for: .bridge(bridge, of: account, version: version))
    }

    /// The documents of a site: its control system's first, since the others refer to it.
    public func messages(for site: SiteDevices, of account: String, in layout: TopicLayout) -> [StateMessage] {
        let system = site.system
        guard let topic = layout.topic(of: .system(system.id)),
            let availability = layout.availabilityTopic(of: system.id)
        else { return [] }
        let main = Device.controlSystem(site, at: topic, through: bridge, of: account)
        var parts: [Device] = []
        if let hotWater = system.hotWater, let topic = layout.topic(of: .hotWater(hotWater.id, in: system.id)) {
            parts.append(.hotWater(hotWater, at: topic))
        }
        for zone in site.zones {
            guard let topic = layout.topic(of: .zone(zone.id, in: system.id)) else { continue }
            parts.append(.zone(zone, at: topic))
        }
        var slugs = UniqueLevels()
        return ([main] + parts).map { part in
            var device = part
            device.slug = slugs.level(for: Slug(part.name)?.description ?? part.id).ifASCII
            device.parent = part.parent ?? main.id
            device.availability = [bridge.state, availability]
            return message(for: device)
        }
    }

    /// The topics of all documents that there can be for an installation.
    public func topics(of installation: Installation) -> [String] {
        let systems = installation.systems.flatMap { _, system in
            [Device.id("system", system.id.text)]
                + (system.hotWater.map { [Device.id("hot_water", $0.id.text)] } ?? [])
                + system.zones.filter { !$0.isGhost(with: nil) }.map { Device.id("zone", $0.id.text) }
        }
        return ([Device.bridgeID(of: installation.accountID, at: bridge)] + systems).map(topic)
    }

    private func topic(of id: String) -> String { "\(prefix)/device/\(id)/config" }

    private func message(for device: Device) -> StateMessage {
        StateMessage(topic: topic(of: device.id), payload: device.json(version: version).text)
    }
}

extension String {
    /// `nil` for a name in another script: Home Assistant writes that in Latin letters.
    fileprivate var ifASCII: String? {
        allSatisfy(\.isASCII) && contains { $0 != "_" } ? self : nil
    }
}
