import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Synchronization
import TestSupport

/// A broker that remembers what it was told, and tells events when a test says so.
final class RecordingBroker: BridgeServices.Broker {
    private let told = Mutex<[Publication]>([])
    private let isTaking = Mutex(true)
    private let turnedAway = Mutex(0)
    private let stream: AsyncStream<BrokerEvent>
    let tell: AsyncStream<BrokerEvent>.Continuation

    init() {
        (stream, tell) = AsyncStream.makeStream()
    }

    var events: any AsyncSequence<BrokerEvent, Never> & Sendable { stream }
    var messages: [Publication] { told.withLock { $0 } }

    /// What it holds for those who come later.
    var retained: [String: String] {
        messages.filter(\.isRetained).reduce(into: [:]) { $0[$1.topic] = $1.payload.isEmpty ? nil : $1.payload }
    }

    func said(on topic: String) -> [String] { messages.filter { $0.topic == topic }.map(\.payload) }
    func forget() { told.withLock { $0 = [] } }
    /// How many messages it did not take.
    var refusals: Int { turnedAway.withLock { $0 } }
    func takes(_ isTaking: Bool) { self.isTaking.withLock { $0 = isTaking } }

    func publish(_ messages: [Publication]) async -> [Bool] {
        guard isTaking.withLock({ $0 }) else {
            turnedAway.withLock { $0 += messages.count }
            return messages.map { _ in false }
        }
        told.withLock { $0 += messages }
        return messages.map { _ in true }
    }

    static let version5 = BrokerConnection(
        facts: BrokerFacts(protocolVersion: "5", keepAliveSeconds: 30),
        echoes: false
    )
}

/// A cloud of one home, which does what it is told at once.
final class ScriptedHome: Cloud {
    private struct State {
        var status: LocationStatus
        var failure: CloudFailure?
        var taskState: CommunicationTaskState = .succeeded
        var isObedient = true
        var overrides: [ZoneOverride] = []
        var installationReads = 0
        var statusReads = 0
    }

    let location: Location
    private let state: Mutex<State>

    init(_ location: Location, zones: [ZoneStatus]) {
        self.location = location
        state = Mutex(State(status: Self.status(of: location, zones: zones)))
    }

    var overrides: [ZoneOverride] { state.withLock { $0.overrides } }
    var reads: (installation: Int, status: Int) { state.withLock { ($0.installationReads, $0.statusReads) } }

    func fails(_ failure: CloudFailure?) { state.withLock { $0.failure = failure } }
    func ends(_ taskState: CommunicationTaskState) { state.withLock { $0.taskState = taskState } }
    func isObedient(_ isObedient: Bool) { state.withLock { $0.isObedient = isObedient } }

    func installation(of accountID: String?) async throws(CloudFailure) -> Installation {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { $0.installationReads += 1 }
        return Installation(accountID: accountID ?? "100", locations: [location])
    }

    func status(of location: Location) async throws(CloudFailure) -> LocationStatus {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return state.withLock { state in
            state.statusReads += 1
            return state.status
        }
    }

    func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>? { nil }
    func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>? { nil }

    func make(_ change: CloudCall) async throws(CloudFailure) -> CommunicationTaskID? {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        state.withLock { state in
            guard case .zone(let zone, let override) = change else { return }
            state.overrides.append(override)
            guard state.isObedient, let index = state.status.systems[0].zones.firstIndex(where: { $0.id == zone })
            else { return }
            state.status.systems[0].zones[index].mode = override.mode
            state.status.systems[0].zones[index].until = override.until
            if case .hold(let setpoint, _) = override { state.status.systems[0].zones[index].setpoint = setpoint }
        }
        return "1"
    }

    func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState? {
        state.withLock { $0.taskState }
    }

    var storeProblem: String? { nil }

    static func status(of location: Location, zones: [ZoneStatus]) -> LocationStatus {
        let system = ControlSystemStatus(
            id: "3",
            mode: .auto,
            isPermanent: true,
            until: nil,
            faults: [],
            zones: zones,
            hotWater: nil
        )
        return LocationStatus(id: location.id, systems: [system])
    }
}

/// Counts that a test sets.
final class ScriptedCounters: Counters {
    private let counted = Mutex(BridgeStatistics.Counts())

    var counts: BridgeStatistics.Counts { counted.withLock { $0 } }
    var tokenExpires: Instant? { nil }

    func set(_ counts: BridgeStatistics.Counts) { counted.withLock { $0 = counts } }
}

/// Memory that forgets with the test.
final class FleetingMemory: Memory, TopicMemory {
    private let kept: Mutex<RememberedInstallation?>
    private let weeks = Mutex(KnownSchedules())
    private let topics = Mutex<[String: TopicInventory]>([:])
    private let shown: Mutex<[SensorID: HighPrecisionTemperature]>

    init(_ kept: RememberedInstallation? = nil, temperatures: [SensorID: HighPrecisionTemperature] = [:]) {
        self.kept = Mutex(kept)
        shown = Mutex(temperatures)
    }

    func installation() -> RememberedInstallation? { kept.withLock { $0 } }
    func remember(_ installation: RememberedInstallation) async { kept.withLock { $0 = installation } }
    func temperatures() -> [SensorID: HighPrecisionTemperature] { shown.withLock { $0 } }
    func remember(_ temperatures: [SensorID: HighPrecisionTemperature]) async { shown.withLock { $0 = temperatures } }
    func schedules() -> KnownSchedules { weeks.withLock { $0 } }
    func remember(_ schedules: KnownSchedules) async { weeks.withLock { $0 = schedules } }

    func inventory() -> TopicInventory? { inventory(of: "evohome") }
    func remember(_ inventory: TopicInventory) async { keep(inventory, of: "evohome") }
    func inventory(of base: String) -> TopicInventory? { topics.withLock { $0[base] } }
    func forget(_ base: String) async { topics.withLock { $0[base] = nil } }
    func keep(_ inventory: TopicInventory, of base: String) { topics.withLock { $0[base] = inventory } }
}

/// A cottage with a kitchen and a hall.
enum Cottage {
    static let kitchen: ZoneID = "4"
    static let systemID: ControlSystemID = "3"

    static func location(name: String = "Cottage", hall: String = "Hall") -> Location {
        Location(
            id: "1",
            name: name,
            timeZone: LocationTimeZone(windowsName: "GMTStandardTime", offsetMinutes: 0),
            systems: [
                ControlSystem(
                    id: systemID,
                    gatewayID: "2",
                    model: "evo_touch",
                    allowedModes: [],
                    zones: [zone(kitchen, "Kitchen"), zone("5", hall)],
                    hotWater: nil
                )
            ]
        )
    }

    static func installation(_ location: Location = location()) -> Installation {
        Installation(accountID: "100", locations: [location])
    }

    static func zones(kitchen setpoint: Double = 18) -> [ZoneStatus] {
        [status(kitchen, setpoint: setpoint), status("5", setpoint: 16)]
    }

    private static func zone(_ id: ZoneID, _ name: String) -> Zone {
        Zone(
            id: id,
            name: name,
            type: "radiator_zone",
            model: "heating_zone",
            setpoint: SetpointCapabilities(
                minimum: 5,
                maximum: 35,
                step: 0.5,
                allowedModes: [.followSchedule, .temporaryOverride, .permanentOverride],
                maximumDuration: 86_400,
                timingResolution: 600
            ),
            schedule: nil
        )
    }

    private static func status(_ id: ZoneID, setpoint: Double) -> ZoneStatus {
        ZoneStatus(
            id: id,
            name: nil,
            temperature: 19.5,
            setpoint: setpoint,
            mode: .followSchedule,
            until: nil,
            faults: []
        )
    }

    static func homes(_ clock: ManualClock, unavailableAfter: Duration = .seconds(1800)) -> SnapshotStore {
        SnapshotStore(
            settings: SnapshotStore.Settings(baseTopic: "evohome", naming: .name, unavailableAfter: unavailableAfter),
            clock: clock
        )
    }
}
