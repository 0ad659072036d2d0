import Basics
import BridgeCore
import Foundation
import HeatingModel
import TestBasics

/// A kitchen, hot water and a control system, whose settings statuses report one after another.
struct ChangingHouse {
    static let kitchen = Target.zone("4", in: "3")
    static let hotWater = Target.hotWater("6", in: "3")
    static let system = Target.system("3")

    var changes = KnownChanges()
    /// 18 °C at night, 21 °C by day; hot water the same with off and on.
    var schedules = KnownSchedules()
    /// What the clock of this machine is ahead.
    var clockError = Duration.zero
    private(set) var elapsed = Duration.zero

    var zone = Setting(.setpoint(18), mode: "follow_schedule")
    var water = Setting(.state(.off), mode: "follow_schedule")
    var mode = Setting(nil, mode: "auto")

    init() {
        let start = Self.start
        let days = Weekday.allCases
        let zone = Schedule<Temperature>(
            days: Dictionary(
                uniqueKeysWithValues: days.map {
                    ($0, [.init(time: "07:00", value: 21), .init(time: "22:00", value: 18)])
                }
            )
        )
        let water = Schedule<HotWaterState>(
            days: Dictionary(
                uniqueKeysWithValues: days.map {
                    ($0, [.init(time: "07:00", value: .on), .init(time: "22:00", value: .off)])
                }
            )
        )
        schedules.keep(zone, of: "4", at: start)
        schedules.keep(water, of: "6" as HotWaterID, at: start)
    }

    private static let start: Instant = "2026-11-24T06:00:00Z"

    /// The true time.
    var now: Instant { Self.start + elapsed }
    var uptime: Uptime { Uptime(sinceStart: .seconds(60)) + elapsed }
    private var wall: Instant { now + clockError }

    mutating func wait(_ duration: Duration) { elapsed += duration }

    /// Reads a status.
    @discardableResult
    mutating func read() -> [UnexplainedChange] {
        changes.apply(status, schedules: schedules, at: wall, uptime: uptime)
    }

    private var status: ControlSystemStatus {
        var setpoint: Temperature?
        if case .setpoint(let temperature)? = zone.value { setpoint = temperature }
        var state: HotWaterState?
        if case .state(let word)? = water.value { state = word }
        return ControlSystemStatus(
            id: "3",
            mode: SystemMode(rawValue: mode.mode),
            isPermanent: mode.until == nil,
            until: mode.until,
            faults: [],
            zones: [
                ZoneStatus(
                    id: "4",
                    name: nil,
                    temperature: 19,
                    setpoint: setpoint,
                    mode: SetpointMode(rawValue: zone.mode),
                    until: zone.until,
                    faults: []
                )
            ],
            hotWater: HotWaterStatus(
                id: "6",
                temperature: 50,
                state: state,
                mode: SetpointMode(rawValue: water.mode),
                until: water.until,
                faults: []
            )
        )
    }

    func by(_ target: Target = kitchen) -> Change.Cause? { changes[target]?.by }

    /// The bridge calls the cloud, which accepts it.
    mutating func call(_ call: CloudCall, of target: Target = kitchen) {
        changes.willMake(call, of: target, at: wall, uptime: uptime)
        changes.accepted(call, of: target)
    }

    mutating func end(_ call: CloudCall, of target: Target = kitchen, as outcome: Outcome) {
        changes.ended(call, of: target, as: outcome)
    }

    /// The bridge stops and starts again.
    mutating func restart() throws {
        let file = try JSONEncoder().encode(changes)
        changes = try JSONDecoder().decode(KnownChanges.self, from: file).restored(at: wall, uptime: uptime)
    }
}

extension Setting {
    static func held(_ setpoint: Temperature, until: Instant? = nil) -> Setting {
        Setting(.setpoint(setpoint), mode: until == nil ? "permanent_override" : "temporary_override", until: until)
    }

    static func followed(_ setpoint: Temperature) -> Setting { Setting(.setpoint(setpoint), mode: "follow_schedule") }
}

extension CloudCall {
    /// For the kitchen of a ``ChangingHouse``.
    static func hold(_ setpoint: Temperature, until: Instant? = nil) -> CloudCall {
        .zone("4", .hold(setpoint, until: until))
    }
}

extension Outcome {
    static let done = Outcome(.succeeded)
    static let taskFailed = Outcome(.failed, code: "task_failed", message: "The gateway did not carry it out.")
}
