public import Basics

/// Something that the cloud is told to change.
public enum Change: Equatable, Sendable {
    case zone(ZoneID, ZoneOverride)
    case hotWater(HotWaterID, HotWaterOverride)
    /// - Parameter until: The end in UTC; `nil` for good.
    case system(ControlSystemID, mode: SystemMode, until: Instant?)
    case zoneSchedule(ZoneID, WeekSchedule<Double>)
    case hotWaterSchedule(HotWaterID, WeekSchedule<HotWaterState>)
}
