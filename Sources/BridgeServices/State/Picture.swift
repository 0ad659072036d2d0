import Basics
import BridgeCore
import HeatingModel

/// What ``SnapshotStore`` guards: all that is known at one moment.
struct Snapshot: Sendable {
    var installation: Installation?
    var layout: TopicLayout?
    var places: [ControlSystemID: (location: Int, system: Int)] = [:]
    var statuses: [ControlSystemID: ControlSystemStatus] = [:]
    var answered: [LocationID: (at: Instant, reading: Int)] = [:]
    var lastReading = 0
    /// Locations that could not be read when they were last asked for.
    var failing: Set<LocationID> = []
    var temperatures = Temperatures()
    var schedules = KnownSchedules()
    var areSchedulesUnsaved = false
    var expectations: [Target: CloudCall] = [:]
    var health: CloudHealth
    var isReady = false
    var changes = Changes()
}
