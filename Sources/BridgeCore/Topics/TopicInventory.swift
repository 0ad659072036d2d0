public import HeatingModel

/// Everything that a bridge may have left at its broker. It is kept over a restart, so that nothing stays that is gone,
/// renamed or switched off meanwhile.
///
/// It holds the topics of targets and the forms of their state, not each attribute, which would make it ten times as long.
public struct TopicInventory: Codable, Equatable, Sendable {
    /// What is published of every target.
    public struct Features: Codable, Equatable, Sendable {
        public var json: Bool
        public var attributes: Bool
        public var schedules: Bool

        public init(output: StateOutput, schedules: Bool) {
            json = output != .attributes
            attributes = output != .json
            self.schedules = schedules
        }
    }

    private var features: Features
    /// Topics that are not a target's.
    private var topics: [String]
    private var systems: [String]
    private var hotWater: [String]
    private var zones: [String]

    /// - Parameters:
    ///   - installation: The whole installation.
    ///   - layout: Its topics.
    ///   - features: What is published of it.
    ///   - discovery: Of Home Assistant; `nil` if it is off.
    ///   - components: For readers that know no devices; `nil` if it is off.
    public init(
        _ installation: Installation,
        in layout: TopicLayout,
        features: Features,
        discovery: HomeAssistantDiscovery?,
        components: ComponentDiscovery? = nil
    ) {
        self.features = features
        topics = layout.bridge.retained
        (systems, hotWater, zones) = ([], [], [])
        for (_, system) in installation.systems {
            topics += [layout.availabilityTopic(of: system.id)].compactMap(\.self)
            systems += [layout.topic(of: .system(system.id))].compactMap(\.self)
            hotWater += [system.hotWater.flatMap { layout.topic(of: .hotWater($0.id, in: system.id)) }].compactMap(
                \.self
            )
            zones += system.zones.compactMap { layout.topic(of: .zone($0.id, in: system.id)) }
        }
        if let discovery { topics += discovery.topics(of: installation) }
        if let components { topics += components.topics(of: installation) }
    }

    /// The topics that everything of a site is under.
    public var sites: Set<String> { Set(systems.map(\.site)) }

    /// Topics that are here and not in a later inventory, those of Home Assistant's documents first: it complains of a
    /// topic that is cleared while an entity still reads it.
    public func topics(notIn later: TopicInventory) -> [String] {
        let staying = Set(later.all)
        return all.filter { !staying.contains($0) }
    }

    /// Every topic of it.
    public var all: [String] {
        topics.reversed() + published(systems, Site.systemAttributes, hasSchedule: false)
            + published(hotWater, Site.hotWaterAttributes, hasSchedule: true)
            + published(zones, Site.zoneAttributes, hasSchedule: true)
    }

    private func published(_ subjects: [String], _ attributes: [String], hasSchedule: Bool) -> [String] {
        subjects.flatMap { subject in
            (features.json ? [subject] : [])
                + (features.attributes ? attributes.map { "\(subject)/\($0)" } : [])
                + (features.schedules && hasSchedule ? ["\(subject)/schedule"] : [])
        }
    }
}
