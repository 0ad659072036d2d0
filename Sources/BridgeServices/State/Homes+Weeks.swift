import Basics
public import BridgeCore
public import HeatingModel
import Synchronization

extension SnapshotStore {
    /// - Parameter week: `nil` for a zone that has none.
    public func apply(_ week: Schedule<Temperature>?, of zone: ZoneID, in system: ControlSystemID) {
        let now = clock.now
        change { snapshot in
            let before = snapshot.schedules[zone]
            snapshot.schedules.keep(week, of: zone, at: now)
            snapshot.areSchedulesUnsaved = true
            if snapshot.schedules[zone] != before { snapshot.changes.schedules(of: system) }
        }
    }

    /// - Parameter week: `nil` for hot water that has none.
    public func apply(_ week: Schedule<HotWaterState>?, of hotWater: HotWaterID, in system: ControlSystemID) {
        let now = clock.now
        change { snapshot in
            let before = snapshot.schedules[hotWater]
            snapshot.schedules.keep(week, of: hotWater, at: now)
            snapshot.areSchedulesUnsaved = true
            if snapshot.schedules[hotWater] != before { snapshot.changes.schedules(of: system) }
        }
    }

    /// Weeks that an earlier run has read.
    public func restore(_ schedules: KnownSchedules) {
        snapshot.withLock { $0.schedules = schedules }
    }

    /// Weeks that are worth keeping for the next run; `nil` while nothing is new, and for an account with so many, an
    /// installer's, that they are better read again: the state file stays small.
    public func takeUnsavedSchedules() -> KnownSchedules? {
        snapshot.withLock { snapshot in
            defer { snapshot.areSchedulesUnsaved = false }
            return snapshot.areSchedulesUnsaved && snapshot.schedules.count <= 500 ? snapshot.schedules : nil
        }
    }
}
