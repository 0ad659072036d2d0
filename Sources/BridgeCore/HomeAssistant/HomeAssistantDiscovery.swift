public import HeatingModel

/// Announces everything to Home Assistant: one retained document for each device, on `<prefix>/device/<id>/config`.
///
/// Devices and entities are known by the vendor's ids, so that a renamed zone keeps its entities. What the
/// documents may hold is described at https://www.home-assistant.io/integrations/mqtt/; they work from 2025.4 on.
public struct HomeAssistantDiscovery: Equatable, Sendable {
    /// The topic that Home Assistant looks for devices under, such as `homeassistant`.
    public let prefix: String
    public let bridge: BridgeTopics
    /// The program's version.
    public let version: String
    /// Where devices are configured; `nil` if nobody knows how the page is reached.
    private let page: PageAddress?

    public init(prefix: String, bridge: BridgeTopics, version: String, page: PageAddress? = nil) {
        self.prefix = prefix
        self.bridge = bridge
        self.version = version
        self.page = page
    }

    /// Where Home Assistant says `online` once it has started. The default topic stays in use when the prefix is another.
    public var birthTopics: [String] {
        prefix == "homeassistant" ? ["homeassistant/status"] : ["homeassistant/status", "\(prefix)/status"]
    }

    /// The document of the bridge itself, which those of control systems refer to.
    ///
    /// - Parameter account: The account's id.
    public func message(forBridgeOf account: String) -> Publication {
        var device = Device.bridge(bridge, of: account, version: version)
        device.website = page?.bridge
        return message(for: device)
    }

    /// The documents of a site: its control system's first, since the others refer to it.
    public func messages(for site: SiteDevices, of account: String, in layout: TopicLayout) -> [Publication] {
        let system = site.system
        guard let topic = layout.topic(of: .system(system.id)),
            let availability = layout.availabilityTopic(of: system.id)
        else { return [] }
        var main = Device.controlSystem(site, at: topic, through: bridge, of: account)
        main.website = page?.whole ?? main.website
        var parts: [Device] = []
        if let hotWater = system.hotWater, let topic = layout.topic(of: .hotWater(hotWater.id, in: system.id)) {
            parts.append(withSchedule(.hotWater(hotWater, at: topic), at: topic))
        }
        for zone in site.zones {
            guard let topic = layout.topic(of: .zone(zone.id, in: system.id)) else { continue }
            parts.append(withSchedule(.zone(zone, at: topic), at: topic))
        }
        var slugs = UniqueLevels()
        return ([main] + parts).map { part in
            var device = part
            device.slug = slugs.level(for: part.readableSlug ?? part.id)
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

    /// Its page is the one that shows its schedule, which Home Assistant cannot edit.
    private func withSchedule(_ device: Device, at topic: String) -> Device {
        var device = device
        device.website = page?.schedule(of: topic.dropFirst(bridge.base.count + 1))
        return device
    }

    private func topic(of id: String) -> String { "\(prefix)/device/\(id)/config" }

    private func message(for device: Device) -> Publication {
        Publication(topic: topic(of: device.id), payload: device.json(version: version).text)
    }
}

extension Device {
    /// `nil` for a name without letters and digits.
    fileprivate var readableSlug: String? {
        guard let slug = Slug(name)?.description, slug.contains(where: { $0 != "_" }) else { return nil }
        return slug
    }
}

/// What documents for Home Assistant say of a site. They change only when something here changes.
public struct SiteDevices: Equatable, Sendable {
    let system: ControlSystem
    private let ghosts: Set<ZoneID>
    let name: String
    /// The modes that its control system can be seen in or put into.
    let modes: [SystemMode]

    /// - Returns: `nil` before the first status, which distinguishes zones from ghosts.
    public init?(_ site: Site) {
        guard let status = site.status else { return nil }
        system = site.system
        ghosts = Set(system.zones.filter { $0.isGhost(with: site.reported($0.id)) }.map(\.id))
        let place = site.location.name.isEmpty ? site.location.id.text : site.location.name
        let index = site.location.systems.map(\.id).sorted().firstIndex(of: system.id) ?? 0
        name = index == 0 ? place : "\(place) \(index + 1)"
        let allowed = system.allowedModes.map(\.mode)
        // A mode that the cloud shows without listing it must be among the options before it is shown.
        modes = allowed + [status.mode].compactMap(\.self).filter { !allowed.contains($0) }
    }

    /// Without ghosts, in order of ids.
    var zones: [Zone] { system.zones.filter { !ghosts.contains($0.id) }.sorted { $0.id < $1.id } }
}
