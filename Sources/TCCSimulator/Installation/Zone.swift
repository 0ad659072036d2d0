import Foundation

/// A room, or a thermostat that is a system of its own.
struct Zone: Sendable {
    let id: String
    let systemID: String
    /// `nil` for a zone that only the status knows.
    var configuration: JSONObject?
    var status: JSONObject
    var setting: Setting<Double>
    var schedule: Schedule<Double>?
    var faults: [ActiveFault]
    /// In °C; `nil` if unknown.
    var temperature: Double?
    /// Whether the sensor is out of reach.
    var isSensorLost = false

    /// In °C; `nil` while the sensor cannot be read.
    var reading: Double? { isSensorLost ? nil : temperature }

    /// The name in the status, which can be newer than the one in the configuration.
    var name: String { (status["name"] ?? configuration?["name"])?.string ?? "" }

    /// The range of setpoints that is set for this zone at the controller, in °C.
    var range: ClosedRange<Double> {
        let capabilities = configuration?["setpointCapabilities"]
        let lowest = capabilities?["minHeatSetpoint"]?.double ?? 5
        return lowest...max(lowest, capabilities?["maxHeatSetpoint"]?.double ?? 35)
    }

    /// Whether this is what remains of a zone that was deleted at the controller: no type and no name.
    var isGhost: Bool {
        name.isEmpty && (configuration?["zoneType"]?.string ?? "Unknown") == "Unknown"
    }
}

/// The hot water of a control system.
struct HotWater: Sendable {
    let id: String
    let systemID: String
    var configuration: JSONObject
    var status: JSONObject
    /// `true` means `On`.
    var setting: Setting<Bool>
    var schedule: Schedule<Bool>?
    var faults: [ActiveFault]
    /// In °C; `nil` if unknown.
    var temperature: Double?
    /// Whether the sensor is out of reach.
    var isSensorLost = false

    /// In °C; `nil` while the sensor cannot be read.
    var reading: Double? { isSensorLost ? nil : temperature }
}

/// What a zone or the hot water is set to: to follow its schedule, or an override.
struct Setting<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The vendor's name. Unknown ones are served as captured.
    var mode: String
    /// The value of an override. With `FollowSchedule`, the last known value, which applies if there is no schedule.
    var value: Value
    /// The end of a temporary override.
    var until: Date?

    var followsSchedule: Bool { mode == OverrideMode.followSchedule.rawValue }

    /// Returns to the schedule if the override has ended.
    mutating func expire(at now: Date) {
        guard let until, until <= now else { return }
        followSchedule()
    }

    mutating func followSchedule() {
        mode = OverrideMode.followSchedule.rawValue
        until = nil
    }
}

/// The modes of zones and hot water, in the order of the numbers that old clients send for them.
enum OverrideMode: String, CaseIterable {
    case followSchedule = "FollowSchedule"
    case permanentOverride = "PermanentOverride"
    case temporaryOverride = "TemporaryOverride"
    case vacationHold = "VacationHold"

    static var names: [String] { allCases.map(\.rawValue) }
}

/// A fault that is shown as active.
struct ActiveFault: Sendable, Hashable {
    let type: String
    /// As shown, including what a capture holds beside the type and the start.
    let document: JSONObject

    /// - Parameter since: The location's wall-clock time. Gateways show seven digits of a second, zones none.
    init(type: String, since: String) {
        self.type = type
        document = ["faultType": .string(type), "since": .string(since)]
    }

    init?(_ json: JSON) {
        guard let document = json.object, let type = document["faultType"]?.string else { return nil }
        self.type = type
        self.document = document
    }
}
