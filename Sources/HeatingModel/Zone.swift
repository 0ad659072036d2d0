public typealias ZoneID = Identifier<Zone>

/// A room, or several, that share one setpoint.
public struct Zone: Codable, Equatable, Sendable {
    public var id: ZoneID
    public var name: String
    /// What moves the heat in snake_case, such as `radiator_zone`.
    public var type: String?
    /// The family of the zone in snake_case, such as `heating_zone`.
    public var model: String?
    public var setpoint: SetpointCapabilities
    /// `nil` for a zone that has no schedule to read or write.
    public var schedule: ScheduleCapabilities?

    public init(
        id: ZoneID,
        name: String,
        type: String?,
        model: String?,
        setpoint: SetpointCapabilities,
        schedule: ScheduleCapabilities?
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.model = model
        self.setpoint = setpoint
        self.schedule = schedule
    }
}

/// Which setpoints a zone accepts.
public struct SetpointCapabilities: Codable, Equatable, Sendable {
    /// The lowest setpoint in °C; users set it at the controller, 4.5 to 5.5 has been seen.
    public var minimum: Temperature?
    /// The highest setpoint in °C; 21 to 35 has been seen.
    public var maximum: Temperature?
    /// The step between setpoints in °C.
    public var step: Double?
    public var allowedModes: [SetpointMode]
    /// The longest that a temporary override may last, in seconds.
    public var maximumDuration: Double?
    /// What ends of overrides are rounded to, in seconds.
    public var timingResolution: Double?

    public init(
        minimum: Temperature?,
        maximum: Temperature?,
        step: Double?,
        allowedModes: [SetpointMode],
        maximumDuration: Double?,
        timingResolution: Double?
    ) {
        self.minimum = minimum
        self.maximum = maximum
        self.step = step
        self.allowedModes = allowedModes
        self.maximumDuration = maximumDuration
        self.timingResolution = timingResolution
    }
}

/// Which schedules a zone or hot water accepts.
public struct ScheduleCapabilities: Codable, Equatable, Sendable {
    public var minimumSwitchpointsPerDay: Int?
    public var maximumSwitchpointsPerDay: Int?
    /// What times of switchpoints are multiples of, in seconds.
    public var timingResolution: Double?
    /// The step between setpoints in °C; captured schedules do not always keep to it.
    public var setpointStep: Double?

    public init(
        minimumSwitchpointsPerDay: Int?,
        maximumSwitchpointsPerDay: Int?,
        timingResolution: Double?,
        setpointStep: Double?
    ) {
        self.minimumSwitchpointsPerDay = minimumSwitchpointsPerDay
        self.maximumSwitchpointsPerDay = maximumSwitchpointsPerDay
        self.timingResolution = timingResolution
        self.setpointStep = setpointStep
    }
}

extension Zone {
    /// The vendor lists zones that were never paired, or are gone: of no known type, without a name, or out of reach at
    /// a setpoint of 62 °C (evohome-async fixtures; Home Assistant core issues 30945, 101355, 110065).
    public func isGhost(with status: ZoneStatus?) -> Bool {
        if type == "unknown" || model == "unknown" || name.isEmpty { return true }
        guard let status else { return false }
        return status.temperature == nil && (status.setpoint ?? 0) >= 62
    }
}
