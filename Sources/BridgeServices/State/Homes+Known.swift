import Basics
public import BridgeCore
public import HeatingModel
import Synchronization

extension SnapshotStore {
    public var installation: Installation? { snapshot.withLock { $0.installation } }
    public var layout: TopicLayout? { snapshot.withLock { $0.layout } }
    public var schedules: KnownSchedules { snapshot.withLock { $0.schedules } }
    public var isReady: Bool { snapshot.withLock { $0.isReady } }
    public var health: CloudHealth { snapshot.withLock { $0.health } }
    /// Whether everything was read when it was last asked for.
    public var isWell: Bool { snapshot.withLock { $0.failing.isEmpty } }

    /// Every control system's id, as far as the installation is known.
    public var systems: [ControlSystemID] { snapshot.withLock { Array($0.places.keys) } }

    public func site(of system: ControlSystemID) -> Site? {
        let now = clock.now
        return snapshot.withLock { snapshot in
            guard let installation = snapshot.installation, let place = snapshot.places[system] else { return nil }
            let location = installation.locations[place.location]
            // Before the first answer of this run what an earlier one published stands, for as long as it may.
            let lastAnswer = snapshot.answered[location.id]?.at ?? started
            return Site(
                location: location,
                system: location.systems[place.system],
                status: snapshot.statuses[system],
                isFresh: lastAnswer.duration(to: now) <= settings.unavailableAfter,
                schedules: snapshot.schedules,
                expectations: snapshot.expectations
            )
        }
    }

    /// Temperatures to a hundredth of a degree, as far as they are in use.
    var highPrecisionTemperatures: [SensorID: HighPrecisionTemperature] { snapshot.withLock { $0.temperatures.fine } }
}
