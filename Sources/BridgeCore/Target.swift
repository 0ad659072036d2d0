public import HeatingModel

/// What topics are about, and commands are for.
public enum Target: Hashable, Sendable {
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
