public typealias HotWaterID = Identifier<HotWater>

/// A hot-water tank.
public struct HotWater: Codable, Equatable, Sendable {
    public var id: HotWaterID
    public var allowedModes: [SetpointMode]
    public var allowedStates: [HotWaterState]
    /// The longest that a temporary override may last, in seconds.
    public var maximumDuration: Double?
    /// What ends of overrides are rounded to, in seconds.
    public var timingResolution: Double?
    public var schedule: ScheduleCapabilities?

    public init(
        id: HotWaterID,
        allowedModes: [SetpointMode],
        allowedStates: [HotWaterState],
        maximumDuration: Double?,
        timingResolution: Double?,
        schedule: ScheduleCapabilities?
    ) {
        self.id = id
        self.allowedModes = allowedModes
        self.allowedStates = allowedStates
        self.maximumDuration = maximumDuration
        self.timingResolution = timingResolution
        self.schedule = schedule
    }
}

/// Whether the tank is being heated.
public struct HotWaterState: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let on = HotWaterState(rawValue: "on")
    public static let off = HotWaterState(rawValue: "off")
}

extension HotWaterState: LosslessStringConvertible {
    public init(_ description: String) {
        self.init(rawValue: description)
    }
}
