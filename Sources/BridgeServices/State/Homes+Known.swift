import Basics
public import BridgeCore
public import HeatingModel
import Synchronization

extension Homes {
    public var installation: Installation? { picture.withLock { $0.installation } }
    public var layout: TopicLayout? { picture.withLock { $0.layout } }
    public var schedules: KnownSchedules { picture.withLock { $0.schedules } }
    public var isReady: Bool { picture.withLock { $0.isReady } }
    public var health: CloudHealth { picture.withLock { $0.health } }
    /// Whether everything was read when it was last asked for.
    public var isWell: Bool { picture.withLock { $0.failing.isEmpty } }

    /// Every control system's id, as far as the installation is known.
    public var systems: [ControlSystemID] { picture.withLock { Array($0.places.keys) } }

    public func site(of system: ControlSystemID) -> Site? {
        let now = clock.now
        return picture.withLock { picture in
            guard let installation = picture.installation, let place = picture.places[system] else { return nil }
            let location = installation.locations[place.location]
            // Before the first answer of this run what an earlier one published stands, for as long as it may.
            let lastAnswer = picture.answered[location.id]?.at ?? started
            return Site(
                location: location,
                system: location.systems[place.system],
                status: picture.statuses[system],
                isFresh: lastAnswer.duration(to: now) <= settings.unavailableAfter,
                schedules: picture.schedules,
                expectations: picture.expectations
            )
        }
    }

    /// Temperatures to a hundredth of a degree, as far as they are in use.
    var fineTemperatures: [SensorID: FineTemperature] { picture.withLock { $0.temperatures.fine } }
}
