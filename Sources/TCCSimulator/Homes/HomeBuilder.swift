/// Builds the documents that the cloud would serve for a home.
enum HomeBuilder {
    /// A room of an evohome.
    struct Room {
        let name: String
        var kind = "RadiatorZone"
        var day = 20.0
        var night = 16.0
    }

    static let account: JSONObject = [
        "userId": "1100001",
        "username": "user@example.com",
        "firstname": "Robin",
        "lastname": "Example",
        "streetAddress": "12 Sample Lane",
        "city": "London",
        "postcode": "N1 9ZZ",
        "country": "UnitedKingdom",
        "language": "enGB",
    ]

    static func location(
        id: String,
        name: String,
        city: String = "London",
        country: String = "UnitedKingdom",
        timeZone: JSON = london,
        gateways: JSON
    ) -> JSON {
        [
            "locationInfo": [
                "locationId": .string(id),
                "name": .string(name),
                "streetAddress": "12 Sample Lane",
                "city": .string(city),
                "country": .string(country),
                "postcode": "N1 9ZZ",
                "locationType": "Residential",
                "useDaylightSaveSwitching": true,
                "timeZone": timeZone,
                "locationOwner": [
                    "userId": "1100001", "username": "user@example.com", "firstname": "Robin", "lastname": "Example",
                ],
            ],
            "gateways": gateways,
        ]
    }

    static let london: JSON = [
        "timeZoneId": "GMTStandardTime",
        "displayName": "(UTC+00:00) Dublin, Edinburgh, Lisbon, London",
        "offsetMinutes": 0,
        "currentOffsetMinutes": 0,
        "supportsDaylightSaving": true,
    ]

    static func gateway(id: String, mac: String, systems: JSON) -> JSON {
        [
            "gatewayInfo": ["gatewayId": .string(id), "mac": .string(mac), "crc": "4C1D", "isWiFi": false],
            "temperatureControlSystems": systems,
        ]
    }

    static func evohome(id: String, zones: [JSON], hotWaterID: String? = nil) -> JSON {
        var system: JSONObject = ["systemId": .string(id), "modelType": "EvoTouch", "zones": .array(zones)]
        if let hotWaterID { system["dhw"] = hotWater(id: hotWaterID) }
        system["allowedSystemModes"] = evohomeModes
        return .object(system)
    }

    static func zone(id: String, _ room: Room) -> JSON {
        [
            "zoneId": .string(id),
            "modelType": "HeatingZone",
            "setpointCapabilities": radiatorCapabilities,
            "scheduleCapabilities": sixSwitchpoints,
            "name": .string(room.name),
            "zoneType": .string(room.kind),
        ]
    }

    static func hotWater(id: String) -> JSON {
        [
            "dhwId": .string(id),
            "dhwStateCapabilitiesResponse": [
                "allowedStates": ["On", "Off"],
                "allowedModes": ["FollowSchedule", "PermanentOverride", "TemporaryOverride"],
                "maxDuration": "1.00:00:00",
                "timingResolution": "00:10:00",
            ],
            "scheduleCapabilitiesResponse": [
                "maxSwitchpointsPerDay": 6, "minSwitchpointsPerDay": 1, "timingResolution": "00:10:00",
            ],
        ]
    }

    static let radiatorCapabilities: JSON = [
        "maxHeatSetpoint": 35.0,
        "minHeatSetpoint": 5.0,
        "valueResolution": 0.5,
        "canControlHeat": true,
        "canControlCool": false,
        "allowedSetpointModes": ["PermanentOverride", "FollowSchedule", "TemporaryOverride"],
        "maxDuration": "1.00:00:00",
        "timingResolution": "00:10:00",
    ]

    static let sixSwitchpoints: JSON = [
        "maxSwitchpointsPerDay": 6,
        "minSwitchpointsPerDay": 1,
        "timingResolution": "00:10:00",
        "setpointValueResolution": 0.5,
    ]

    static let evohomeModes: JSON = [
        permanent("Auto"),
        permanent("AutoWithReset"),
        temporary("AutoWithEco", upTo: "1.00:00:00", by: "01:00:00", "Duration"),
        temporary("Away", upTo: "99.00:00:00", by: "1.00:00:00", "Period"),
        temporary("DayOff", upTo: "99.00:00:00", by: "1.00:00:00", "Period"),
        permanent("HeatingOff"),
        temporary("Custom", upTo: "99.00:00:00", by: "1.00:00:00", "Period"),
    ]

    static func permanent(_ mode: String) -> JSON {
        ["systemMode": .string(mode), "canBePermanent": true, "canBeTemporary": false]
    }

    static func temporary(_ mode: String, upTo longest: String, by step: String, _ timing: String) -> JSON {
        [
            "systemMode": .string(mode),
            "canBePermanent": true,
            "canBeTemporary": true,
            "maxDuration": .string(longest),
            "timingResolution": .string(step),
            "timingMode": .string(timing),
        ]
    }
}

/// Statuses of homes in which something is unusual.
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
            "temperatureStatus": temperatureStatus(temperature),
            "activeFaults": faults(fault),
            "setpointStatus": .object(setpoint),
            "name": .string(name),
        ]
    }

    static func hotWaterStatus(_ id: String, temperature: Double?, state: String, fault: String? = nil) -> JSON {
        [
            "dhwId": .string(id),
            "temperatureStatus": temperatureStatus(temperature),
            "stateStatus": ["state": .string(state), "mode": "FollowSchedule"],
            "activeFaults": faults(fault),
        ]
    }

    private static func temperatureStatus(_ temperature: Double?) -> JSON {
        temperature.map { ["temperature": .number($0), "isAvailable": true] } ?? ["isAvailable": false]
    }

    private static func faults(_ type: String?) -> JSON {
        type.map { [["faultType": .string($0), "since": .string(since)]] } ?? []
    }
}

/// Schedules of homes that bring none.
extension HomeBuilder {
    /// On weekdays warm before half past eight and from half past four; at the weekend all day.
    static func zoneSchedule(day: Double, night: Double) -> JSON {
        let away = (day + night) / 2
        let weekday: [(String, JSON)] = [
            ("06:30:00", .number(day)), ("08:30:00", .number(away)), ("16:30:00", .number(day + 0.5)),
            ("22:30:00", .number(night)),
        ]
        let weekend: [(String, JSON)] = [("08:00:00", .number(day)), ("23:00:00", .number(night))]
        return schedule("heatSetpoint", weekday: weekday, weekend: weekend)
    }

    static let hotWaterSchedule = schedule(
        "dhwState",
        weekday: [("06:00:00", "On"), ("08:30:00", "Off"), ("17:00:00", "On"), ("22:00:00", "Off")],
        weekend: [("07:30:00", "On"), ("11:00:00", "Off"), ("16:00:00", "On"), ("22:30:00", "Off")]
    )

    private static func schedule(_ key: String, weekday: [(String, JSON)], weekend: [(String, JSON)]) -> JSON {
        let days = Weekday.allCases.map { day -> JSON in
            let points = day.number < 5 ? weekday : weekend
            return [
                "dayOfWeek": .string(day.rawValue),
                "switchpoints": .array(points.map { [key: $0.1, "timeOfDay": .string($0.0)] }),
            ]
        }
        return ["dailySchedules": .array(days)]
    }
}
