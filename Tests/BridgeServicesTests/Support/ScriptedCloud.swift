import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Synchronization

/// A cloud of one account that does what it is told at once, unless a test says otherwise, and counts its calls.
final class ScriptedCloud: Cloud {
    enum Call: Hashable {
        case installation
        case status(LocationID)
        case schedule(ZoneID)
        case task
        case zone(ZoneID)
        case zoneSchedule(ZoneID)

        var isChange: Bool {
            switch self {
            case .zone, .zoneSchedule: true
            case .installation, .status, .schedule, .task: false
            }
        }
    }

    private struct State {
        var locations: [Location]
        var status = Cottage.status()
        var schedules: [ZoneID: Schedule<Temperature>] = [:]
        var failure: CloudFailure?
        var failures: [Call: CloudFailure] = [:]
        var taskState: CommunicationTaskState = .succeeded
        var zonesThatFail: Set<ZoneID> = []
        var isObedient = true
        var lostAnswers = 0
        var held: Set<Call> = []
        var tasks: [CommunicationTaskID: CommunicationTaskState] = [:]
        var overrides: [ZoneOverride] = []
        var calls: [Call] = []

        mutating func make(_ override: ZoneOverride, of zone: ZoneID) -> CommunicationTaskID {
            overrides.append(override)
            if isObedient, let index = status.systems[0].zones.firstIndex(where: { $0.id == zone }) {
                status.systems[0].zones[index].mode = override.mode
                status.systems[0].zones[index].until = override.until
                if case .hold(let setpoint, _) = override { status.systems[0].zones[index].setpoint = setpoint }
            }
            return addTask(of: zone)
        }

        mutating func addTask(of zone: ZoneID) -> CommunicationTaskID {
            let task = CommunicationTaskID("\(tasks.count + 1)")
            tasks[task] = zonesThatFail.contains(zone) ? .failed : taskState
            return task
        }
    }

    private let state: Mutex<State>

    init(_ locations: [Location] = [Cottage.location()], schedules: [ZoneID: Schedule<Temperature>] = [:]) {
        state = Mutex(State(locations: locations, schedules: schedules))
    }

    // MARK: - What it was asked

    /// Every call, in order.
    var calls: [Call] { state.withLock(\.calls) }
    var overrides: [ZoneOverride] { state.withLock(\.overrides) }
    var schedules: [ZoneID: Schedule<Temperature>] { state.withLock(\.schedules) }
    var installationReads: Int { count(.installation) }
    var statusReads: Int { count(.status("1")) }

    func count(_ call: Call) -> Int { calls.count { $0 == call } }
    func forgetCalls() { state.withLock { $0.calls = [] } }

    // MARK: - What it does

    /// Every call fails from now on; `nil` to succeed again.
    func fails(_ failure: CloudFailure?) { state.withLock { $0.failure = failure } }
    func fails(_ failure: CloudFailure?, at call: Call) { state.withLock { $0.failures[call] = failure } }
    /// How the tasks of changes end from now on.
    func ends(_ taskState: CommunicationTaskState) { state.withLock { $0.taskState = taskState } }
    func losesTasks(of zone: ZoneID) { state.withLock { _ = $0.zonesThatFail.insert(zone) } }
    /// The next change is made, but its answer is lost.
    func losesAnswer() { state.withLock { $0.lostAnswers = 1 } }
    /// Whether accepted changes take effect.
    func isObedient(_ isObedient: Bool) { state.withLock { $0.isObedient = isObedient } }
    func has(_ locations: [Location]) { state.withLock { $0.locations = locations } }
    /// Somebody changes a schedule in the app.
    func has(_ schedule: Schedule<Temperature>?, of zone: ZoneID) { state.withLock { $0.schedules[zone] = schedule } }
    /// Answers a call only after its release.
    func holds(_ call: Call) { state.withLock { _ = $0.held.insert(call) } }
    func releases(_ call: Call) { state.withLock { _ = $0.held.remove(call) } }

    private func answer(_ call: Call) async throws(CloudFailure) {
        state.withLock { $0.calls.append(call) }
        while state.withLock({ $0.held.contains(call) }), !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(1))
        }
        if let failure = state.withLock({ $0.failures[call] ?? $0.failure }) { throw failure }
    }

    // MARK: - Cloud

    func installation(of accountID: String?) async throws(CloudFailure) -> Installation {
        try await answer(.installation)
        return Installation(accountID: accountID ?? "100", locations: state.withLock(\.locations))
    }

    func status(of location: Location) async throws(CloudFailure) -> LocationStatus {
        // A change that is made while this is on its way is not in it.
        let status = state.withLock(\.status)
        try await answer(.status(location.id))
        return LocationStatus(id: location.id, systems: location.id == "1" ? status.systems : [])
    }

    func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>? {
        try await answer(.schedule(zone))
        return state.withLock { $0.schedules[zone] }
    }

    func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>? { nil }

    func make(_ change: CloudCall) async throws(CloudFailure) -> CommunicationTaskID? {
        switch change {
        case .zone(let zone, let override):
            try await answer(.zone(zone))
            let (task, isLost) = state.withLock { state in
                defer { state.lostAnswers -= 1 }
                return (state.make(override, of: zone), state.lostAnswers > 0)
            }
            if isLost { throw CloudFailure(.unreachable, "The cloud did not answer in time.", isUnanswered: true) }
            return task
        case .zoneSchedule(let zone, let schedule):
            try await answer(.zoneSchedule(zone))
            return state.withLock { state in
                if state.isObedient, !state.zonesThatFail.contains(zone) { state.schedules[zone] = schedule }
                return state.addTask(of: zone)
            }
        case .hotWater, .hotWaterSchedule, .system: return nil
        }
    }

    func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState? {
        try await answer(.task)
        return state.withLock { $0.tasks[task] }
    }

    var storeProblem: String? { nil }
    var surprises: [String] { [] }
}

/// API v1 of one account.
final class ScriptedSensors: HighPrecisionSource {
    private struct State {
        var temperatures: [SensorID: Temperature]
        var failure: CloudFailure?
        var isHanging = false
        var calls = 0
    }

    private let state: Mutex<State>

    init(_ temperatures: [SensorID: Temperature]) {
        state = Mutex(State(temperatures: temperatures))
    }

    var calls: Int { state.withLock(\.calls) }

    func fails(_ failure: CloudFailure) { state.withLock { $0.failure = failure } }
    func hangs() { state.withLock { $0.isHanging = true } }

    func temperatures() async throws(CloudFailure) -> [SensorID: Temperature] {
        let now = state.withLock { state in
            state.calls += 1
            return state
        }
        if now.isHanging { try? await Task.sleep(for: .seconds(3600)) }
        if let failure = now.failure { throw failure }
        return now.temperatures
    }
}
