public import HeatingModel

/// What is known of a week.
public enum KnownSchedule<Value: Equatable & Sendable>: Equatable, Sendable {
    case unread
    /// There is none.
    case none
    case week(WeekSchedule<Value>)

    /// The week, where it was read and is there.
    public var week: WeekSchedule<Value>? {
        if case .week(let week) = self { week } else { nil }
    }

    /// - Parameter read: What was read; `nil` for a zone or hot water without a schedule.
    public init(read: WeekSchedule<Value>?) {
        self = read.map(Self.week) ?? .none
    }
}

/// What is known of the weeks of all zones and all hot water.
public struct KnownSchedules: Equatable, Sendable {
    private var zones: [ZoneID: KnownSchedule<Double>] = [:]
    private var hotWater: [HotWaterID: KnownSchedule<HotWaterState>] = [:]

    public init() {}

    public subscript(zone: ZoneID) -> KnownSchedule<Double> {
        get { zones[zone] ?? .unread }
        set { zones[zone] = newValue }
    }

    public subscript(hotWater: HotWaterID) -> KnownSchedule<HotWaterState> {
        get { self.hotWater[hotWater] ?? .unread }
        set { self.hotWater[hotWater] = newValue }
    }
}
