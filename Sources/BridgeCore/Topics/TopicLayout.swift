public import HeatingModel

/// Where everything stands under the base topic, for one installation.
///
/// Everything that turns names into topics, or topics into what they are about, is here.
public struct TopicLayout: Equatable, Sendable {
    /// What stands for sites and zones in topics.
    public enum Naming: String, Sendable, CaseIterable {
        case name
        case id
    }

    public let bridge: BridgeTopics
    private let topics: [Target: String]
    private let targets: [String: Target]

    public init(base: String, naming: Naming, installation: Installation) {
        bridge = BridgeTopics(base: base)
        var topics: [Target: String] = [:]
        let sites = Self.siteLevels(of: installation, naming: naming)
        for (_, system) in installation.systems {
            guard let site = sites[system.id].map({ "\(base)/\($0)" }) else { continue }
            topics[.system(system.id)] = "\(site)/system"
            if let hotWater = system.hotWater { topics[.hotWater(hotWater.id, in: system.id)] = "\(site)/hot_water" }
            var levels = UniqueLevels()
            for zone in system.zones.sorted(by: { $0.id < $1.id }) where !zone.isGhost(with: nil) {
                let level = levels.level(for: naming.level(of: zone.name, zone.id))
                topics[.zone(zone.id, in: system.id)] = "\(site)/zone/\(level)"
            }
        }
        self.topics = topics
        targets = Dictionary(topics.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    }

    /// The topic of a target's JSON, above its attributes; `nil` for what has no topics, such as a ghost zone.
    public func topic(of target: Target) -> String? { topics[target] }

    /// What a topic is about; `nil` for any that is not a target's own.
    public func target(at topic: String) -> Target? { targets[topic] }

    /// The topic of a target's week; `nil` for what has none.
    public func scheduleTopic(of target: Target) -> String? {
        if case .system = target { return nil }
        return topics[target].map { "\($0)/schedule" }
    }

    /// `online` or `offline` for a whole site.
    public func availabilityTopic(of system: ControlSystemID) -> String? {
        topics[.system(system)].map { $0.dropLast("system".count) + "availability" }
    }

    private static func siteLevels(of installation: Installation, naming: Naming) -> [ControlSystemID: String] {
        var levels: [ControlSystemID: String] = [:]
        // A house called "Bridge" must not move into the bridge's own topics.
        var unique = UniqueLevels(reserved: ["bridge"])
        for location in installation.locations.sorted(by: { $0.id < $1.id }) {
            let level = unique.level(for: naming.level(of: location.name, location.id))
            for (index, system) in location.systems.sorted(by: { $0.id < $1.id }).enumerated() {
                levels[system.id] = index == 0 ? level : "\(level)-\(index + 1)"
            }
        }
        return levels
    }
}

extension TopicLayout.Naming {
    /// What stands for something, before doubles are told apart. Ids are numbers, but nothing that the cloud says gets
    /// into a topic unchecked.
    fileprivate func level<Kind>(of name: String, _ id: Identifier<Kind>) -> String {
        let slug = self == .name ? Slug(name) ?? Slug(id.text) : Slug(id.text)
        return slug?.description ?? "_"
    }
}
