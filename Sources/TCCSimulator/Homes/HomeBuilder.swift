/// Writes homes down as the documents that the cloud would give of them.
struct HomeBuilder {
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
