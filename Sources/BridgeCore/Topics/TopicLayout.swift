public import HeatingModel

/// The topics of one installation under the base topic. Names become topics here, and topics become targets.
public struct TopicLayout: Equatable, Sendable {
    /// Whether topics name sites and zones by their names or by their ids.
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

    /// The target that has a topic; `nil` for a topic that is not a target's own.
    public func target(at topic: String) -> Target? { targets[topic] }

    /// The topics that everything of a site is under, such as `evohome/home`.
    public var sites: Set<String> {
        Set(topics.compactMap { target, topic in if case .system = target { topic.site } else { nil } })
    }

    /// Every topic that commands and requests can come on, for a broker that takes no wildcards.
    public var commandTopics: [String] {
        let requests = BridgeRequest.names.map(bridge.request)
        return requests
            + topics.sorted { $0.value < $1.value }.flatMap { target, topic in
                let attributes: [String] =
                    switch target {
                    case .system: ["mode"]
                    case .zone: Self.zoneAttributes
                    case .hotWater: [HotWaterState.key, "mode"]
                    }
                let schedule = scheduleTopic(of: target).map { ["\($0)/set"] } ?? []
                return Self.topics(commanding: "\(topic)", attributes) + schedule
            }
            + sites.sorted().flatMap { Self.topics(commanding: "\($0)/zones", Self.zoneAttributes) }
    }

    /// What a zone is told by a plain value.
    private static let zoneAttributes = [Temperature.key, "mode", SetpointDifference.key]

    private static func topics(commanding subject: String, _ attributes: [String]) -> [String] {
        ["\(subject)/set"] + attributes.map { "\(subject)/set/\($0)" }
    }

    /// What a command topic is about; `nil` if nothing has this topic.
    public func subject(of topic: CommandTopic) -> Command.Subject? {
        // A zone may be called "Schedule": a target's own topic goes before a schedule topic.
        if let target = targets[topic.subject] { return Command.Subject(target: target, isSchedule: false) }
        let suffix = "/schedule"
        guard topic.subject.hasSuffix(suffix), let target = targets[String(topic.subject.dropLast(suffix.count))] else {
            return nil
        }
        return Command.Subject(target: target, isSchedule: true)
    }

    /// The control system whose zones a command topic commands together; `nil` for other topics.
    public func zones(at topic: CommandTopic) -> ControlSystemID? {
        let suffix = "/zones"
        guard topic.subject.hasSuffix(suffix),
            case .system(let system)? = targets["\(topic.subject.dropLast(suffix.count))/system"]
        else { return nil }
        return system
    }

    /// The control system that a command topic is about, or is a part of; `nil` if nothing has this topic.
    public func system(of topic: CommandTopic) -> ControlSystemID? {
        subject(of: topic)?.target.systemID ?? zones(at: topic)
    }

    /// The topic of a target's schedule; `nil` for a system, which has none.
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

extension String {
    /// Of a system's topic: what everything of its site is under.
    var site: String { String(dropLast("/system".count)) }
}

extension TopicLayout.Naming {
    /// The level for a name or id, before doubles are numbered. Ids are numbers, but nothing that the cloud says gets
    /// into a topic unchecked.
    fileprivate func level<Kind>(of name: String, _ id: Identifier<Kind>) -> String {
        let slug = self == .name ? Slug(name) ?? Slug(id.text) : Slug(id.text)
        return slug?.description ?? "_"
    }
}

/// The topics that are about the bridge itself.
public struct BridgeTopics: Equatable, Sendable {
    public let base: String

    public init(base: String) {
        self.base = base
    }

    /// `online` or `offline`; the broker says `offline` for a bridge that is gone.
    public var state: String { "\(base)/bridge/state" }
    /// The state of the cloud.
    public var cloud: String { "\(base)/bridge/cloud" }
    /// The version, the broker and the configuration.
    public var info: String { "\(base)/bridge/info" }
    /// What the bridge has done, since its start and within the last hour.
    public var stats: String { "\(base)/bridge/stats" }
    /// What happens; not retained.
    public var event: String { "\(base)/bridge/event" }

    /// The topic of a request.
    public func request(_ name: String) -> String { "\(base)/bridge/request/\(name)" }

    /// Whether an answer may go to the topic that its sender named. Wildcards cannot be published to, and an answer on one
    /// of the bridge's own topics could be taken for a command.
    public func isAnswerable(_ topic: String) -> Bool {
        !topic.isEmpty && !topic.contains("+") && !topic.contains("#") && !topic.hasPrefix("\(base)/")
    }

    /// Those of these topics that are retained.
    var retained: [String] { [state, cloud, info, stats] }

    /// Which of the bridge's own topics it is; `nil` for other topics.
    func own(at topic: String) -> OwnTopics.Topic? {
        switch topic {
        case state: .state
        case info: .info
        default: nil
        }
    }

    /// The site that a command is for, whether or not there is one: `evohome/home` for `evohome/home/zone/kitchen`.
    public func site(of topic: CommandTopic) -> String? {
        let prefix = "\(base)/"
        guard topic.subject.hasPrefix(prefix) else { return nil }
        return topic.subject.dropFirst(prefix.count).description.topicLevels.first.map { prefix + $0 }
    }

    /// The filter for all requests.
    var requestFilter: String { "\(base)/bridge/request/+" }

    /// The topic of the answer to a request.
    public func response(to name: String) -> String { "\(base)/bridge/response/\(name)" }

    /// - Returns: The name of the request on a topic; `nil` for other topics.
    func request(at topic: String) -> String? {
        let prefix = "\(base)/bridge/request/"
        return topic.hasPrefix(prefix) ? String(topic.dropFirst(prefix.count)) : nil
    }

    /// The filters for commands: one for each form of command, so that it never hears its own state.
    public var commandFilters: [String] {
        ["zone/+", "zone/+/schedule", "zones", "hot_water", "hot_water/schedule", "system"]
            .flatMap { ["\(base)/+/\($0)/set", "\(base)/+/\($0)/set/+"] }
    }
}
