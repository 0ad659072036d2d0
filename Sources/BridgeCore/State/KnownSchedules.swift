public import Basics
public import HeatingModel

/// What is known of a schedule.
public enum KnownSchedule<Value: Equatable & Sendable>: Equatable, Sendable {
    case unread
    /// The zone or hot water has no schedule.
    case absent
    case known(Schedule<Value>)

    /// The schedule, if it was read and there is one.
    public var schedule: Schedule<Value>? {
        if case .known(let schedule) = self { schedule } else { nil }
    }
}

/// What is known of the schedules of all zones and all hot water, and since when. It survives a restart.
public struct KnownSchedules: Codable, Equatable, Sendable {
    private struct Entry<Value: RecordedValue>: Codable, Equatable, Sendable {
        let read: Instant
        private let record: ScheduleRecord<Value>?

        /// - Parameter schedule: `nil` where there is none.
        init(read: Instant, schedule: Schedule<Value>?) {
            self.read = read
            record = schedule.map(ScheduleRecord.init)
        }

        var known: KnownSchedule<Value> { record.map { .known($0.schedule) } ?? .absent }

        private enum CodingKeys: String, CodingKey {
            case read
            // The name that state files have.
            case record = "week"
        }
    }

    private var zones: [ZoneID: Entry<Temperature>] = [:]
    private var hotWater: [HotWaterID: Entry<HotWaterState>] = [:]

    public init() {}

    public var count: Int { zones.count + hotWater.count }

    /// Both together; of each schedule the one that was read last.
    public func merging(_ other: KnownSchedules) -> KnownSchedules {
        var merged = self
        merged.zones.merge(other.zones) { $1.read > $0.read ? $1 : $0 }
        merged.hotWater.merge(other.hotWater) { $1.read > $0.read ? $1 : $0 }
        return merged
    }

    public subscript(zone: ZoneID) -> KnownSchedule<Temperature> { zones[zone]?.known ?? .unread }
    public subscript(hotWater: HotWaterID) -> KnownSchedule<HotWaterState> { self.hotWater[hotWater]?.known ?? .unread }

    /// When the schedule of a zone or of hot water was read; `nil` if it was not.
    public func read(_ target: Target) -> Instant? {
        switch target {
        case .zone(let id, in: _): zones[id]?.read
        case .hotWater(let id, in: _): hotWater[id]?.read
        case .system: nil
        }
    }

    /// Keeps a schedule as it was read.
    ///
    /// - Parameter schedule: `nil` if the zone or hot water has none.
    /// - Returns: Whether it differs from what was known.
    @discardableResult
    public mutating func keep(_ schedule: AnySchedule?, of target: Target, at now: Instant) -> Bool {
        switch target {
        case .zone(let id, in: _):
            let before = self[id]
            keep(schedule?.ofZone, of: id, at: now)
            return self[id] != before
        case .hotWater(let id, in: _):
            let before = self[id]
            keep(schedule?.ofHotWater, of: id, at: now)
            return self[id] != before
        case .system: return false
        }
    }

    /// - Parameter schedule: As it was read; `nil` for a zone that has none.
    public mutating func keep(_ schedule: Schedule<Temperature>?, of zone: ZoneID, at now: Instant) {
        zones[zone] = Entry(read: now, schedule: schedule)
    }

    /// - Parameter schedule: As it was read; `nil` for hot water that has none.
    public mutating func keep(_ schedule: Schedule<HotWaterState>?, of hotWater: HotWaterID, at now: Instant) {
        self.hotWater[hotWater] = Entry(read: now, schedule: schedule)
    }
}
