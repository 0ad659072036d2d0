import Basics
import BridgeCore
import HeatingModel

/// What ``Homes`` guards: all that is known at one moment.
struct Picture: Sendable {
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
    var expectations: [Target: Change] = [:]
    var health: CloudHealth
    var isReady = false
    var changes = Changes()
}
