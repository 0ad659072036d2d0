public import HeatingModel

/// What a message asks, before it is known whether that can be done.
public enum Order: Equatable, Sendable {
    case zone(ZoneOrder)
    case hotWater(HotWaterOrder)
    case system(SystemOrder)
    case zoneSchedule(WeekSchedule<Double>)
    case hotWaterSchedule(WeekSchedule<HotWaterState>)

    /// Whether it is about the week that lies ahead, and leaves alone how things are now.
    public var isSchedule: Bool {
        switch self {
        case .zone, .hotWater, .system: false
        case .zoneSchedule, .hotWaterSchedule: true
        }
    }
}

extension Order {
    /// Reads what a message asks of a target.
    ///
    /// - Parameter requested: An object, or for a plain value its text.
    init(_ requested: JSONValue, form: CommandTopic.Form, for target: Target) throws(Refusal) {
        switch target {
        case .zone: self = .zone(try ZoneOrder(requested, form: form))
        case .hotWater: self = .hotWater(try HotWaterOrder(requested, form: form))
        case .system: self = .system(try SystemOrder(requested, form: form))
        }
    }

    /// Reads a week for a target.
    init(schedule requested: JSONValue, form: CommandTopic.Form, for target: Target) throws(Refusal) {
        guard form == .object else {
            throw Refusal(.unknownKey, "A schedule has no attributes to set; send the whole week to …/schedule/set.")
        }
        switch target {
        case .zone: self = .zoneSchedule(try WeekSchedule(requested))
        case .hotWater: self = .hotWaterSchedule(try WeekSchedule(requested))
        case .system: throw Refusal(.unknownTarget, "A system has no schedule; its zones have.")
        }
    }
}
