import BridgeServices
import HeatingModel
import Synchronization

/// A cloud that keeps weeks, of a house that does what it is told unless a test says otherwise.
final class WeekKeeper: Cloud {
    private struct State {
        var weeks: [ZoneID: Schedule<Temperature>]
        var failures: [ZoneID: CloudFailure] = [:]
        var refusals: [ZoneID: CloudFailure] = [:]
        var failing: Set<ZoneID> = []
        var tasks: [CommunicationTaskID: CommunicationTaskState] = [:]
        var written: [ZoneID] = []
        var read: [ZoneID] = []
    }

    private let location: Location
    private let state: Mutex<State>

    init(_ location: Location, weeks: [ZoneID: Schedule<Temperature>]) {
        self.location = location
        state = Mutex(State(weeks: weeks))
    }

    var weeks: [ZoneID: Schedule<Temperature>] { state.withLock { $0.weeks } }
    /// Zones, in the order in which their weeks were written, or tried to.
    var written: [ZoneID] { state.withLock { $0.written } }
    var read: [ZoneID] { state.withLock { $0.read } }

    /// Writing a zone's week fails so from now on; `nil` to succeed again.
    func fails(_ failure: CloudFailure?, writing zone: ZoneID) { state.withLock { $0.failures[zone] = failure } }
    func fails(_ failure: CloudFailure?, reading zone: ZoneID) { state.withLock { $0.refusals[zone] = failure } }
    /// The gateway takes no week of this zone.
    func losesTasks(of zone: ZoneID) { state.withLock { _ = $0.failing.insert(zone) } }

    func installation(of accountID: String?) async throws(CloudFailure) -> Installation {
        Installation(accountID: "100", locations: [location])
    }

    func status(of location: Location) async throws(CloudFailure) -> LocationStatus {
        ScriptedHome.status(of: location, zones: Cottage.zones())
    }

    func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>? {
        if let failure = state.withLock({ $0.refusals[zone] }) { throw failure }
        return state.withLock { state in
            state.read.append(zone)
            return state.weeks[zone]
        }
    }

    func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>? { nil }

    func make(_ change: CloudCall) async throws(CloudFailure) -> CommunicationTaskID? {
        guard case .zoneSchedule(let zone, let week) = change else { return nil }
        let failure = state.withLock { state in
            state.written.append(zone)
            return state.failures[zone]
        }
        if let failure { throw failure }
        return state.withLock { state in
            let task = CommunicationTaskID("\(state.tasks.count + 1)")
            let isLost = state.failing.contains(zone)
            state.tasks[task] = isLost ? .failed : .succeeded
            if !isLost { state.weeks[zone] = week }
            return task
        }
    }

    func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState? {
        state.withLock { $0.tasks[task] }
    }

    var storeProblem: String? { nil }
}
