import Basics
import BridgeCore
import Foundation
import HTTPServing
import HeatingModel
import Logging
import Synchronization
import TestSupport

@testable import CloudSharing

/// A house with a zone and hot water, as the cloud sends it and as the model has it.
enum Lodge {
    static let location: LocationID = "100"
    static let system: ControlSystemID = "102"
    static let zone: ZoneID = "103"
    static let hotWater: HotWaterID = "104"
    static let zoneTarget = Target.zone(zone, in: system)
    static let hotWaterTarget = Target.hotWater(hotWater, in: system)
    static let systemTarget = Target.system(system)

    static let account = #"{"userId":"7","username":"me@example.com","firstname":"Ann"}"#
    static let configuration = """
        [{"locationInfo":{"locationId":"100","name":"Lodge","novelty":{"a":[1,2]}},"gateways":[{"gatewayInfo":\
        {"gatewayId":"101"},"temperatureControlSystems":[{"systemId":"102","zones":[{"zoneId":"103","name":"Ha\\"ll",\
        "setpointCapabilities":{"maxHeatSetpoint":35.0}}],"dhw":{"dhwId":"104"}}]}]}]
        """
    static let status = """
        {"locationId":"100","gateways":[{"gatewayId":"101","temperatureControlSystems":[{"systemId":"102","zones":\
        [{"zoneId":"103","temperatureStatus":{"temperature":19.50,"isAvailable":true},"activeFaults":[],\
        "setpointStatus":{"targetHeatTemperature":18.0,"setpointMode":"FollowSchedule"},"name":"Hall"}],\
        "dhw":{"dhwId":"104","stateStatus":{"state":"Off","mode":"FollowSchedule"},"activeFaults":[]},\
        "systemModeStatus":{"mode":"Auto","isPermanent":true},"activeFaults":[]}],"activeFaults":[]}]}
        """
    static let schedule = #"{"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[]}],"novelty":1}"#
    static let locationsV1 = """
        [{"locationID":100,"name":"Lodge","devices":[{"deviceID":103,"thermostat":{"indoorTemperature":19.47,\
        "changeableValues":{"mode":"Off","heatSetpoint":{"value":18.0,"status":"Scheduled"}}}},{"deviceID":104,\
        "thermostat":{"changeableValues":{"mode":"DHWOff","status":"Scheduled"}}}]}]
        """
    static let accountV1 = #"{"userID":7,"username":"me@example.com"}"#

    static let installation = Installation(
        accountID: "7",
        locations: [
            Location(
                id: location,
                name: "Lodge",
                timeZone: LocationTimeZone(offsetMinutes: 60),
                systems: [
                    ControlSystem(
                        id: system,
                        gatewayID: "101",
                        model: "evo_touch",
                        allowedModes: [
                            AllowedSystemMode(mode: .auto, canBePermanent: true, canBeTemporary: false),
                            AllowedSystemMode(
                                mode: .away,
                                canBePermanent: true,
                                canBeTemporary: true,
                                maximumDuration: 99 * 86_400,
                                timing: .period
                            ),
                        ],
                        zones: [
                            Zone(
                                id: zone,
                                name: "Hall",
                                type: "radiator_zone",
                                model: "heating_zone",
                                setpoint: SetpointCapabilities(
                                    minimum: 5,
                                    maximum: 25,
                                    step: 0.5,
                                    allowedModes: [.followSchedule, .permanentOverride, .temporaryOverride],
                                    maximumDuration: 86_400,
                                    timingResolution: 600
                                ),
                                schedule: nil
                            )
                        ],
                        hotWater: HotWater(
                            id: hotWater,
                            allowedModes: [.followSchedule, .permanentOverride, .temporaryOverride],
                            allowedStates: [.on, .off],
                            maximumDuration: 86_400,
                            timingResolution: 600,
                            schedule: nil
                        )
                    )
                ]
            )
        ]
    )

    static let model = ControlSystemStatus(
        id: system,
        mode: .auto,
        isPermanent: true,
        until: nil,
        faults: [],
        zones: [
            ZoneStatus(
                id: zone,
                name: "Hall",
                temperature: 19.5,
                setpoint: 18,
                mode: .followSchedule,
                until: nil,
                faults: []
            )
        ],
        hotWater: HotWaterStatus(
            id: hotWater,
            temperature: nil,
            state: .off,
            mode: .followSchedule,
            until: nil,
            faults: []
        )
    )
}

/// A bridge that does what a test wants.
final class ScriptedBridge: SharedBridge {
    struct State {
        var installation: Installation? = Lodge.installation
        var status: ControlSystemStatus? = Lodge.model
        var expectations: [Target: CloudCall] = [:]
        var expectedSchedules: [Target: CloudCall] = [:]
        var schedules = KnownSchedules()
        var calls: [CloudCall] = []
        var answer = CallAnswer.accepted("900")
        var tasks: [CommunicationTaskID: CommunicationTaskState] = [:]
        var scheduleReadings = 0
        var scheduleFailure: CloudFailure?
    }

    private let state = Mutex(State())
    private let onReadSchedule: @Sendable () -> Void

    init(onReadSchedule: @escaping @Sendable () -> Void = {}) {
        self.onReadSchedule = onReadSchedule
    }

    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    var calls: [CloudCall] { state.withLock(\.calls) }
    var scheduleReadings: Int { state.withLock(\.scheduleReadings) }

    var installation: Installation? { state.withLock(\.installation) }

    func site(of system: ControlSystemID) -> Site? {
        state.withLock { state in
            guard let location = state.installation?.locations.first, system == Lodge.system else { return nil }
            return Site(
                location: location,
                system: location.systems[0],
                status: state.status,
                isFresh: true,
                schedules: state.schedules,
                expectations: state.expectations,
                expectedSchedules: state.expectedSchedules
            )
        }
    }

    func readSchedule(of target: Target) async throws(CloudFailure) {
        let failure = state.withLock { state in
            state.scheduleReadings += 1
            return state.scheduleFailure
        }
        if let failure { throw failure }
        onReadSchedule()
    }

    func make(_ call: CloudCall, of target: Target, requested: JSONValue, patience: Duration) async -> CallAnswer {
        state.withLock { state in
            state.calls.append(call)
            return state.answer
        }
    }

    func state(of task: CommunicationTaskID) -> CommunicationTaskState? { state.withLock { $0.tasks[task] } }
}

/// Tokens that are kept in memory.
final class ForgetfulGrants: GrantStore {
    private let kept = Mutex(Grants())

    func grants() -> Grants { kept.withLock { $0 } }
    func remember(_ present: @escaping @Sendable () -> Grants) async { kept.withLock { $0 = present() } }
}

/// The interface with a client that knows the way in.
struct Client {
    static let currentApplication =
        "Basic NGEyMzEwODktZDJiNi00MWJkLWE1ZWItMTZhMGE0MjJiOTk5OjFhMTVjZGI4LTQyZGUtNDA3Yi1hZGQwLTA1OWY5MmM1MzBjYg=="
    static let olderApplication = "Basic YjAxM2FhMjYtOTcyNC00ZGJkLTg4OTctMDQ4YjlhYWRhMjQ5OnRlc3Q="

    let clock: ManualClock
    let answers: VendorAnswers
    let bridge: ScriptedBridge
    let counts: ShareCounts
    let grants = ForgetfulGrants()
    private let interface: VendorInterface

    init(
        _ bridge: ScriptedBridge = ScriptedBridge(),
        hasRead: Bool = true,
        isWritable: Bool = true,
        hasAPIv1: Bool = true
    ) {
        let clock = ManualClock()
        let answers = VendorAnswers(clock: clock)
        self.clock = clock
        self.answers = answers
        self.bridge = bridge
        counts = ShareCounts(answers: answers)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        interface = VendorInterface(
            answers: answers,
            bridge: bridge,
            keeper: GrantKeeper(
                username: "evohome",
                password: Secret("sesame"),
                store: grants,
                clock: clock,
                logger: logger
            ),
            counts: counts,
            isWritable: isWritable,
            hasAPIv1: hasAPIv1,
            clock: clock,
            logger: logger
        )
        guard hasRead else { return }
        keep(Lodge.account, "/WebAPI/emea/api/v1/userAccount")
        keep(Lodge.configuration, "/WebAPI/emea/api/v1/location/installationInfo?userId=7")
        keep(Lodge.status, "/WebAPI/emea/api/v1/location/100/status?includeTemperatureControlSystems=True")
        keep(Lodge.accountV1, "/WebAPI/api/accountInfo")
        keep(Lodge.locationsV1, "/WebAPI/api/locations?userId=7&allData=True")
    }

    func keep(_ text: String, _ path: String) { answers.keep(Data(text.utf8), from: path) }

    struct Answer {
        let status: Int
        let text: String
        let headers: [String: String]
        var json: JSONValue? { try? JSONValue(parsing: text) }
        func text(_ key: String) -> String? { if case .string(let text)? = json?[key] { text } else { nil } }
        /// The code of a refusal in a list.
        var code: String? {
            guard case .array(let entries)? = json, case .string(let code)? = entries.first?["code"] else { return nil }
            return code
        }
    }

    func send(_ request: VendorRequest, agent: String? = "client/1", from peer: String = "192.0.2.1") async -> Answer {
        let reply = await interface.answer(request, from: NetworkAddress(peer), agent: agent)
        return Answer(status: reply.status, text: String(decoding: reply.body, as: UTF8.self), headers: reply.headers)
    }

    func form(
        _ form: String,
        as application: String? = currentApplication,
        from peer: String = "192.0.2.1"
    ) async -> Answer {
        let request = VendorRequest(
            method: "POST",
            path: "/Auth/OAuth/Token",
            authorization: application,
            body: Array(form.utf8)
        )
        return await send(request, from: peer)
    }

    func logIn(as application: String = currentApplication) async -> String {
        await form("grant_type=password&Username=evohome&Password=sesame", as: application).text("access_token") ?? ""
    }

    func call(_ method: String, _ path: String, _ body: String = "", token: String) async -> Answer {
        let parts = path.split(separator: "?", maxSplits: 1)
        return await send(
            VendorRequest(
                method: method,
                path: "/WebAPI/emea/api/v1/" + parts[0],
                query: parts.count > 1 ? FormFields.read(parts[1]) : [],
                authorization: "bearer \(token)",
                body: Array(body.utf8)
            )
        )
    }

    func callV1(_ method: String, _ path: String, _ body: String = "", session: String? = nil) async -> Answer {
        let parts = path.split(separator: "?", maxSplits: 1)
        return await send(
            VendorRequest(
                method: method,
                path: "/WebAPI/api/" + parts[0],
                query: parts.count > 1 ? FormFields.read(parts[1]) : [],
                session: session,
                body: Array(body.utf8)
            )
        )
    }

    func openSession() async -> String {
        let login = #"{"applicationId":"91db","username":"evohome","password":"sesame"}"#
        return await callV1("POST", "Session", login).text("sessionId") ?? ""
    }
}
