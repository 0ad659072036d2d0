import Basics

/// The mode of a whole control system.
public struct SystemMode: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let auto = SystemMode(rawValue: "auto")
    public static let autoWithEco = SystemMode(rawValue: "auto_with_eco")
    public static let autoWithReset = SystemMode(rawValue: "auto_with_reset")
    public static let away = SystemMode(rawValue: "away")
    public static let custom = SystemMode(rawValue: "custom")
    public static let dayOff = SystemMode(rawValue: "day_off")
    public static let heatingOff = SystemMode(rawValue: "heating_off")

    /// Modes of thermostats.
    public static let cool = SystemMode(rawValue: "cool")
    public static let heat = SystemMode(rawValue: "heat")
    public static let off = SystemMode(rawValue: "off")

    /// Every mode that has been seen.
    public static let known: [SystemMode] = [
        .auto, .autoWithEco, .autoWithReset, .away, .cool, .custom, .dayOff, .heat, .heatingOff, .off,
    ]

    /// The mode that a status shows after this one was set: `auto_with_reset` happens once, and leaves `auto` behind.
    public var shownAs: SystemMode { self == .autoWithReset ? .auto : self }

    /// In these modes every zone has one fixed setpoint, whatever its own override (evohome-client `modes.rst`).
    public var masksZones: Bool { self == .away || self == .heatingOff }

    /// Whether switchpoints of schedules come in this mode; see ``FollowedSchedule``.
    public var followsSchedules: Bool { ![.away, .custom, .heatingOff, .off].contains(self) }

    /// In `away` hot water is off; with the heating off it goes on as before (same source).
    public var masksHotWater: Bool { self == .away }
}

/// A mode that a control system can be put into, as the cloud describes it.
public struct AllowedSystemMode: Codable, Equatable, Sendable {
    /// How the end of a temporary mode is counted.
    public struct Timing: OpenWord {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// In whole hours from now.
        public static let duration = Timing(rawValue: "duration")
        /// In whole days, which end at a local midnight.
        public static let period = Timing(rawValue: "period")
    }

    public var mode: SystemMode
    public var canBePermanent: Bool
    public var canBeTemporary: Bool
    /// The longest time that a temporary mode may last, in seconds.
    public var maximumDuration: Double?
    public var timing: Timing?

    public init(
        mode: SystemMode,
        canBePermanent: Bool,
        canBeTemporary: Bool,
        maximumDuration: Double? = nil,
        timing: Timing? = nil
    ) {
        self.mode = mode
        self.canBePermanent = canBePermanent
        self.canBeTemporary = canBeTemporary
        self.maximumDuration = maximumDuration
        self.timing = timing
    }
}
