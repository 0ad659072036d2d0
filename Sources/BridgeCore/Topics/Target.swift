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
