public import HeatingModel

/// A zone, hot water or a control system: what commands, states and schedules belong to.
public enum Target: Codable, Hashable, Sendable {
    case zone(ZoneID, in: ControlSystemID)
    case hotWater(HotWaterID, in: ControlSystemID)
    case system(ControlSystemID)

    /// The control system that it is, or is part of.
    public var systemID: ControlSystemID {
        switch self {
        case .zone(_, in: let system), .hotWater(_, in: let system), .system(let system): system
        }
    }
}

/// The system goes before its hot water, and that before the zones, which come in order of their ids.
extension Target: Comparable {
    public static func < (left: Target, right: Target) -> Bool {
        switch (left, right) {
        case (.zone(let left, in: let a), .zone(let right, in: let b)): (a, left) < (b, right)
        case (.hotWater(let left, in: let a), .hotWater(let right, in: let b)): (a, left) < (b, right)
        default: (left.rank, left.systemID) < (right.rank, right.systemID)
        }
    }

    private var rank: Int {
        switch self {
        case .system: 0
        case .hotWater: 1
        case .zone: 2
        }
    }
}

/// A zone, hot water or system, with its names.
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
    /// Without ghosts: zones that were never paired, or are gone.
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
