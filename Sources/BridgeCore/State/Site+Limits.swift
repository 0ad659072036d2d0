import Basics
import HeatingModel

/// What a site accepts, for a page that offers nothing that would be refused.
extension Site {
    /// - Returns: The site's topic and its limits; `nil` without a topic.
    public func limits(in layout: TopicLayout) -> (topic: String, limits: JSONValue)? {
        guard let system = layout.topic(of: .system(self.system.id)) else { return nil }
        let zones = self.system.zones.compactMap { zone in
            layout.topic(of: .zone(zone.id, in: self.system.id)).map { topic in
                JSONValue.Member(
                    String(topic.split(separator: "/").last ?? ""),
                    [
                        "schedule": JSONValue(zone.schedule),
                        "maximum_duration": JSONValue(seconds: zone.setpoint.maximumDuration),
                    ]
                )
            }
        }
        let hotWater = self.system.hotWater.map { hotWater -> JSONValue in
            [
                "schedule": JSONValue(hotWater.schedule),
                "maximum_duration": JSONValue(seconds: hotWater.maximumDuration),
            ]
        }
        let limits: JSONValue = [
            "location": .string(location.name),
            "time_zone": .string(location.timeZone.identifier),
            "modes": .array(self.system.allowedModes.map(JSONValue.init)),
            "zones": .object(zones),
            "hot_water": hotWater ?? .null,
        ]
        return (String(system.dropLast("/system".count)), limits)
    }
}

extension JSONValue {
    fileprivate init(_ allowed: AllowedSystemMode) {
        self = [
            "mode": .string(allowed.mode.rawValue),
            "permanent": .bool(allowed.canBePermanent),
            "temporary": .bool(allowed.canBeTemporary),
            "timing": JSONValue(allowed.timing?.rawValue),
            "maximum": JSONValue(seconds: allowed.maximumDuration),
        ]
    }

    /// `null` for what has no schedule to write.
    fileprivate init(_ schedule: ScheduleCapabilities?) {
        guard let schedule else {
            self = .null
            return
        }
        self = [
            "minimum_switchpoints": JSONValue(schedule.minimumSwitchpointsPerDay),
            "maximum_switchpoints": JSONValue(schedule.maximumSwitchpointsPerDay),
            "time_step": JSONValue(seconds: schedule.timingResolution),
            "setpoint_step": JSONValue(schedule.setpointStep),
        ]
    }

    /// A duration as requests take it, such as `600s`.
    fileprivate init(seconds: Double?) {
        self = seconds.map { .string("\(Duration(reportedSeconds: $0).components.seconds)s") } ?? .null
    }
}
