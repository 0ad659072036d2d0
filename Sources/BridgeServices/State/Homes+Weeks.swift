import Basics
public import BridgeCore
public import HeatingModel
import Synchronization

extension Homes {
    /// - Parameter week: `nil` for a zone that has none.
    public func apply(_ week: WeekSchedule<Double>?, of zone: ZoneID, in system: ControlSystemID) {
        let now = clock.now
        change { picture in
            let before = picture.schedules[zone]
            picture.schedules.keep(week, of: zone, at: now)
            picture.areSchedulesUnsaved = true
            if picture.schedules[zone] != before { picture.changes.schedules(of: system) }
        }
    }

    /// - Parameter week: `nil` for hot water that has none.
    public func apply(_ week: WeekSchedule<HotWaterState>?, of hotWater: HotWaterID, in system: ControlSystemID) {
        let now = clock.now
        change { picture in
            let before = picture.schedules[hotWater]
            picture.schedules.keep(week, of: hotWater, at: now)
            picture.areSchedulesUnsaved = true
            if picture.schedules[hotWater] != before { picture.changes.schedules(of: system) }
        }
    }

    /// Weeks that an earlier run has read.
    public func restore(_ schedules: KnownSchedules) {
        picture.withLock { $0.schedules = schedules }
    }

    /// Weeks that are worth keeping for the next run; `nil` while nothing is new, and for an account with so many, an
    /// installer's, that they are better read again: the state file stays small.
    public func takeUnsavedSchedules() -> KnownSchedules? {
        picture.withLock { picture in
            defer { picture.areSchedulesUnsaved = false }
            return picture.areSchedulesUnsaved && picture.schedules.count <= 500 ? picture.schedules : nil
        }
    }
}
