import Foundation

/// A room, or a thermostat that is a system of one.
struct Zone: Sendable {
    let id: String
    let systemID: String
    /// Nil for a zone that only the status knows.
    var configuration: JSONObject?
    var status: JSONObject
    var setting: Setting<Double>
    var schedule: WeekSchedule<Double>?
    var faults: [ActiveFault]
    /// In °C; nil where nothing is known of it.
    var temperature: Double?
    /// Set while the sensor is out of reach.
    var isSensorLost = false

    /// In °C; nil when the sensor cannot be read.
    var reading: Double? { isSensorLost ? nil : temperature }

    /// The two documents can differ in it; the status has the newer one.
    var name: String { (status["name"] ?? configuration?["name"])?.string ?? "" }

    /// In °C; what the user set at the controller as the range of this zone.
    var range: ClosedRange<Double> {
        let capabilities = configuration?["setpointCapabilities"]
        let lowest = capabilities?["minHeatSetpoint"]?.double ?? 5
        return lowest...max(lowest, capabilities?["maxHeatSetpoint"]?.double ?? 35)
    }

    /// A left-over of a zone that was deleted at the controller: no kind, no name, out of reach.
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
    /// True for `On`.
    var setting: Setting<Bool>
    var schedule: WeekSchedule<Bool>?
    var faults: [ActiveFault]
    /// In °C; nil where nothing is known of it.
    var temperature: Double?
    /// Set while the sensor is out of reach.
    var isSensorLost = false

    /// In °C; nil when the sensor cannot be read.
    var reading: Double? { isSensorLost ? nil : temperature }
}
