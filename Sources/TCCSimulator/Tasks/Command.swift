/// What a client asked a gateway to do.
enum Command: Sendable, Hashable {
    case setZone(String, Setting<Double>)
    case setHotWater(String, Setting<Bool>)
    case setMode(system: String, SystemModeStatus)
    case writeZoneSchedule(String, WeekSchedule<Double>)
    case writeHotWaterSchedule(String, WeekSchedule<Bool>)

    /// What it is about: two commands about the same are equivalent to a cloud that mistakes one for the other.
    var subject: String {
        switch self {
        case .setZone(let id, _): "zone \(id)"
        case .setHotWater(let id, _): "hot water \(id)"
        case .setMode(let id, _): "system \(id)"
        case .writeZoneSchedule(let id, _): "zone schedule \(id)"
        case .writeHotWaterSchedule(let id, _): "hot water schedule \(id)"
        }
    }

    /// The id of the zone, hot water or system.
    var deviceID: String {
        switch self {
        case .setZone(let id, _), .setHotWater(let id, _), .setMode(let id, _): id
        case .writeZoneSchedule(let id, _), .writeHotWaterSchedule(let id, _): id
        }
    }

    /// Writing a week takes longer than writing a value.
    var isSlow: Bool {
        switch self {
        case .writeZoneSchedule, .writeHotWaterSchedule: true
        case .setZone, .setHotWater, .setMode: false
        }
    }
}
