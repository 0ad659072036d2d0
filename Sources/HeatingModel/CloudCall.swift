public import Basics

/// Something that the cloud is told to change.
public enum CloudCall: Equatable, Sendable {
    case zone(ZoneID, ZoneOverride)
    case hotWater(HotWaterID, HotWaterOverride)
    /// - Parameter until: The end in UTC; `nil` for good.
    case system(ControlSystemID, mode: SystemMode, until: Instant?)
    case zoneSchedule(ZoneID, Schedule<Temperature>)
    case hotWaterSchedule(HotWaterID, Schedule<HotWaterState>)
}

/// The cloud's errand to a gateway, which carries a change there.
public enum CommunicationTask {}

public typealias CommunicationTaskID = Identifier<CommunicationTask>

/// How far an errand is. An errand to a gateway that is away never ends.
public struct CommunicationTaskState: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let succeeded = CommunicationTaskState(rawValue: "succeeded")
    public static let failed = CommunicationTaskState(rawValue: "failed")
}
