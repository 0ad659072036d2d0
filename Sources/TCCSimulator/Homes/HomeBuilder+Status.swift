/// States of homes that are not simply as they should be.
extension HomeBuilder {
    private static let since = "2024-01-02T03:04:05"

    static func status(
        location: String,
        gateway: String,
        system: String,
        zones: [JSON],
        hotWater: JSON? = nil,
        systemFault: String? = nil,
        mode: String = "Auto"
    ) -> JSON {
        var status: JSONObject = ["systemId": .string(system), "zones": .array(zones)]
        if let hotWater { status["dhw"] = hotWater }
        status["activeFaults"] = faults(systemFault)
        status["systemModeStatus"] = ["mode": .string(mode), "isPermanent": true]
        return [
            "locationId": .string(location),
            "gateways": [
                [
                    "gatewayId": .string(gateway),
                    "temperatureControlSystems": [.object(status)],
                    "activeFaults": [],
                ]
            ],
        ]
    }

    static func zoneStatus(
        _ id: String,
        _ name: String,
        temperature: Double?,
        target: Double = 20,
        mode: String = "FollowSchedule",
        until: String? = nil,
        fault: String? = nil
    ) -> JSON {
        var setpoint: JSONObject = ["targetHeatTemperature": .number(target), "setpointMode": .string(mode)]
        if let until { setpoint["until"] = .string(until) }
        return [
            "zoneId": .string(id),
            "temperatureStatus": reading(temperature),
            "activeFaults": faults(fault),
            "setpointStatus": .object(setpoint),
            "name": .string(name),
        ]
    }

    static func hotWaterStatus(_ id: String, temperature: Double?, state: String, fault: String? = nil) -> JSON {
        [
            "dhwId": .string(id),
            "temperatureStatus": reading(temperature),
            "stateStatus": ["state": .string(state), "mode": "FollowSchedule"],
            "activeFaults": faults(fault),
        ]
    }

    private static func reading(_ temperature: Double?) -> JSON {
        temperature.map { ["temperature": .number($0), "isAvailable": true] } ?? ["isAvailable": false]
    }

    private static func faults(_ type: String?) -> JSON {
        type.map { [["faultType": .string($0), "since": .string(since)]] } ?? []
    }
}
