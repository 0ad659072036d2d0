/// Something that can have a fault. Kinds are told apart, since a thermostat has the id of its system.
public enum Device: Sendable, Hashable, CustomStringConvertible {
    /// A zone by id.
    case zone(String)
    /// Hot water by id.
    case hotWater(String)
    /// A control system by id.
    case system(String)
    /// A gateway by id.
    case gateway(String)

    /// Its kind and id.
    public var description: String {
        switch self {
        case .zone(let id): "zone \(id)"
        case .hotWater(let id): "hot water \(id)"
        case .system(let id): "system \(id)"
        case .gateway(let id): "gateway \(id)"
        }
    }
}
