public import Basics
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
}

/// What is known of the weeks of all zones and all hot water, and since when: it is kept over a restart.
public struct KnownSchedules: Codable, Equatable, Sendable {
    private struct Entry<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
        var read: Instant
        /// `nil` where there is none.
        var week: WeekSchedule<Value>?

        var known: KnownSchedule<Value> { week.map(KnownSchedule.week) ?? .none }
    }

    private var zones: [ZoneID: Entry<Double>] = [:]
    private var hotWater: [HotWaterID: Entry<HotWaterState>] = [:]

    public init() {}

    public var count: Int { zones.count + hotWater.count }

    /// Together with what somebody else has read: of each week what was read last.
    public func merging(_ other: KnownSchedules) -> KnownSchedules {
        var merged = self
        merged.zones.merge(other.zones) { $1.read > $0.read ? $1 : $0 }
        merged.hotWater.merge(other.hotWater) { $1.read > $0.read ? $1 : $0 }
        return merged
    }

    public subscript(zone: ZoneID) -> KnownSchedule<Double> { zones[zone]?.known ?? .unread }
    public subscript(hotWater: HotWaterID) -> KnownSchedule<HotWaterState> { self.hotWater[hotWater]?.known ?? .unread }

    /// When the week of a zone or of hot water was read; `nil` for one that was not.
    public func read(_ target: Target) -> Instant? {
        switch target {
        case .zone(let id, in: _): zones[id]?.read
        case .hotWater(let id, in: _): hotWater[id]?.read
        case .system: nil
        }
    }

    /// - Parameter week: As it was read; `nil` for a zone that has none.
    public mutating func keep(_ week: WeekSchedule<Double>?, of zone: ZoneID, at now: Instant) {
        zones[zone] = Entry(read: now, week: week)
    }

    /// - Parameter week: As it was read; `nil` for hot water that has none.
    public mutating func keep(_ week: WeekSchedule<HotWaterState>?, of hotWater: HotWaterID, at now: Instant) {
        self.hotWater[hotWater] = Entry(read: now, week: week)
    }
}
