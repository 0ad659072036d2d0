import Basics
public import HeatingModel

/// Finds zones, hot water and systems by what a person calls them: a name in any case, the level that stands for it in
/// topics, or the vendor's id.
public struct TargetFinder: Sendable {
    private let layout: TopicLayout
    private let sites: [(location: Location, system: ControlSystem)]

    /// - Parameters:
    ///   - installation: Where to look.
    ///   - layout: Of the same installation.
    ///   - location: What the location is called; `nil` to look in all.
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

    /// Of all ways in which any is called so, the most exact one counts.
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

/// A zone, hot water or system, with what people call it.
public struct NamedTarget: Equatable, Sendable {
    public var target: Target
    /// The vendor's id.
    public var id: String
    /// A zone's own name; "Hot water"; a system's is that of its location.
    public var name: String
    /// The name of the location that it is in.
    public var location: String

    public init(_ target: Target, id: String, name: String, location: String) {
        self.target = target
        self.id = id
        self.name = name
        self.location = location
    }
}

extension Installation {
    /// Every zone and all hot water: everything that can have a schedule.
    public var zonesAndHotWater: [NamedTarget] {
        systems.flatMap { location, system in
            NamedTarget.zones(of: system, in: location) + NamedTarget.hotWater(of: system, in: location)
        }
    }
}

extension NamedTarget {
    /// Zones that were never paired, or are gone, are none.
    static func zones(of system: ControlSystem, in location: Location) -> [NamedTarget] {
        system.zones.filter { !$0.isGhost(with: nil) }.map { zone in
            NamedTarget(.zone(zone.id, in: system.id), id: zone.id.text, name: zone.name, location: location.name)
        }
    }

    static func system(_ system: ControlSystem, in location: Location) -> NamedTarget {
        NamedTarget(.system(system.id), id: system.id.text, name: location.name, location: location.name)
    }

    /// One or none.
    static func hotWater(of system: ControlSystem, in location: Location) -> [NamedTarget] {
        guard let hotWater = system.hotWater else { return [] }
        let target = Target.hotWater(hotWater.id, in: system.id)
        return [NamedTarget(target, id: hotWater.id.text, name: "Hot water", location: location.name)]
    }
}
