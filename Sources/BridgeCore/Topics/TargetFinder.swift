import Basics
public import HeatingModel

/// Finds zones, hot water and systems by the words that a person uses: a name in any case, its level in topics, or the
/// vendor's id.
public struct TargetFinder: Sendable {
    private let layout: TopicLayout
    private let sites: [(location: Location, system: ControlSystem)]

    /// - Parameters:
    ///   - installation: Where to look.
    ///   - layout: Of the same installation.
    ///   - location: A word for the location; `nil` to look in all.
    /// - Throws: ``Refusal`` that lists the locations.
    public init(_ installation: Installation, layout: TopicLayout, location: String? = nil) throws(Refusal) {
        self.layout = layout
        guard let location else {
            sites = installation.systems
            return
        }
        sites = Self.meant(by: location, among: installation.systems) { site in
            let level = layout.topic(of: .system(site.system.id))?.topicLevels.dropLast().last
            return Names(site.location.name, ids: [site.location.id.text, site.system.id.text], level: level)
        }
        guard !sites.isEmpty else {
            let known = installation.locations.map { "\($0.name) (\($0.id))" }.listing
            throw Refusal(.unknownTarget, "There is no location \"\(location.excerpt)\"; known locations: \(known).")
        }
    }

    /// Looks in one control system.
    init(_ site: Site, layout: TopicLayout) {
        self.layout = layout
        sites = [(site.location, site.system)]
    }

    /// The locations that each word means, by the same rule. Their names as in topics count, too: a location that is served
    /// alone has no number in its topics. One without a control system has no topics, and is meant only if no other is.
    static func locations(called words: [String], in installation: Installation) -> [[LocationID]] {
        let layout = TopicLayout(base: "", naming: .name, installation: installation)
        func names(_ location: Location) -> Names {
            let topic = location.systems.first.flatMap { layout.topic(of: .system($0.id)) }
            let level = topic?.topicLevels.dropLast().last.map { String($0) } ?? Slug(location.name)?.description
            return Names(location.name, ids: [location.id.text], level: level)
        }
        let (equipped, empty) = (
            installation.locations.filter { !$0.systems.isEmpty }, installation.locations.filter(\.systems.isEmpty)
        )
        return words.map { word in
            let found = [
                meant(by: word, among: equipped, names: names),
                equipped.filter { Slug($0.name) == Slug(word) && Slug(word) != nil },
                meant(by: word, among: empty, names: names),
            ]
            return found.first { !$0.isEmpty }?.map(\.id) ?? []
        }
    }

    public func zone(called name: String) throws(Refusal) -> NamedTarget {
        let zones = sites.flatMap { NamedTarget.zones(of: $0.system, in: $0.location) }
        let found = Self.meant(by: name, among: zones) { zone in
            Names(zone.name, ids: [zone.id], level: layout.topic(of: zone.target)?.topicLevels.last)
        }
        guard let zone = found.first else {
            let known = zones.map(\.name).listing
            throw Refusal(.unknownTarget, "There is no zone \"\(name.excerpt)\"; known zones: \(known).")
        }
        guard found.count == 1 else {
            let choices = found.map { "\($0.name) in \($0.location) (\($0.id))" }.listing
            throw Refusal(
                .unknownTarget,
                "Several zones match \"\(name.excerpt)\": \(choices). Give an id or the location."
            )
        }
        return zone
    }

    public func hotWater() throws(Refusal) -> NamedTarget {
        try only("hot water", of: sites.flatMap { NamedTarget.hotWater(of: $0.system, in: $0.location) })
    }

    /// - Parameter word: Of a zone; or `hot_water` in any spelling, or its id.
    public func zoneOrHotWater(called word: String) throws(Refusal) -> NamedTarget {
        let zones = sites.flatMap { NamedTarget.zones(of: $0.system, in: $0.location) }
        guard !zones.contains(where: { $0.name == word }) else { return try zone(called: word) }
        let hotWater = sites.flatMap { NamedTarget.hotWater(of: $0.system, in: $0.location) }
        if let meant = hotWater.first(where: { $0.id == word }) { return meant }
        return Slug(word)?.description == "hot_water" ? try self.hotWater() : try zone(called: word)
    }

    public func system() throws(Refusal) -> NamedTarget {
        try only("control system", of: sites.map { NamedTarget.system($0.system, in: $0.location) })
    }

    private func only(_ what: String, of found: [NamedTarget]) throws(Refusal) -> NamedTarget {
        switch found.count {
        case 1: return found[0]
        case 0: throw Refusal(.unknownTarget, "There is no \(what).")
        default:
            let choices = found.map { "\($0.location) (\($0.target.systemID))" }.listing
            throw Refusal(.unknownTarget, "There is more than one \(what): \(choices). Give the location or an id.")
        }
    }

    private struct Names {
        let name: String
        let ids: [String]
        let level: String?

        init(_ name: String, ids: [String], level: String?) {
            self.name = name
            self.ids = ids
            self.level = level
        }
    }

    /// The most exact way in which any of them matches counts.
    private static func meant<Element>(
        by text: String,
        among elements: [Element],
        names: (Element) -> Names
    ) -> [Element] {
        let ways: [(Names) -> Bool] = [
            { $0.name == text }, { $0.ids.contains(text) }, { $0.level == text },
            { $0.name.lowercased() == text.lowercased() }, { $0.level == Slug(text)?.description },
        ]
        let named = elements.map { ($0, names($0)) }
        return ways.lazy.map { isMeant in named.filter { isMeant($0.1) }.map(\.0) }.first { !$0.isEmpty } ?? []
    }
}
