/// Homes with thermostats instead of an evohome, and one of models and modes that nobody has seen.
extension HomeDocuments {
    static var round: HomeDocuments {
        var home = thermostats(
            location: "2910001",
            systemID: "2910003",
            model: "EvoTouch",
            zones: [
                thermostat(id: "2910004", name: "Downstairs", model: "RoundModulation"),
                thermostat(id: "2910005", name: "Upstairs", model: "RoundWireless"),
            ],
            modes: [
                HomeBuilder.permanent("Auto"),
                HomeBuilder.temporary("AutoWithEco", upTo: "1.00:00:00", by: "01:00:00", "Duration"),
                HomeBuilder.temporary("Away", upTo: "99.00:00:00", by: "1.00:00:00", "Period"),
                HomeBuilder.permanent("HeatingOff"),
            ]
        )
        home.schedules["2910004"] = HomeBuilder.zoneSchedule(day: 20.5, night: 15)
        return home
    }

    static var vision: HomeDocuments {
        wired(location: "2920001", id: "2920003", model: "VisionProWifiRetail", modes: ["Off", "Heat"])
    }

    static var focus: HomeDocuments {
        var home = wired(
            location: "2930001",
            id: "2930003",
            model: "FocusProWifiRetail",
            modes: ["Off", "Heat", "Cool"],
            hasScheduleCapabilities: false
        )
        home.schedules = [:]
        return home
    }

    static var fiveTwo: HomeDocuments {
        var home = wired(location: "2940001", id: "2940003", model: "VisionProWifiRetail", modes: ["Off", "Heat"])
        let days = HomeBuilder.zoneSchedule(day: 20, night: 17)["dailySchedules"]?.array ?? []
        home.schedules["2940003"] = [
            "dailySchedules": .array(days.filter { ["Monday", "Saturday"].contains($0["dayOfWeek"]) })
        ]
        return home
    }

    /// Values that are in no enumeration of any client.
    static var unknown: HomeDocuments {
        var home = thermostats(
            location: "2950001",
            systemID: "2950003",
            model: "Saratoga",
            zones: [thermostat(id: "2950004", name: "Spa", model: "SaratogaSensor", kind: "ThermalSpring")],
            modes: [HomeBuilder.permanent("Auto"), HomeBuilder.permanent("Hibernate")]
        )
        home.schedules["2950004"] = HomeBuilder.zoneSchedule(day: 24, night: 20)
        home.statuses["2950001"] = HomeBuilder.status(
            location: "2950001",
            gateway: "2950002",
            system: "2950003",
            zones: [
                HomeBuilder.zoneStatus(
                    "2950004",
                    "Spa",
                    temperature: 23.5,
                    target: 25,
                    mode: "WeatherHold",
                    fault: "SpringHasRunDry"
                )
            ],
            systemFault: "VolcanoActive",
            mode: "Hibernate"
        )
        return home
    }

    /// A thermostat that is a system of its own.
    private static func wired(
        location: String,
        id: String,
        model: String,
        modes: [String],
        hasScheduleCapabilities: Bool = true
    ) -> HomeDocuments {
        let zone = thermostat(
            id: id,
            name: "THERMOSTAT",
            model: model,
            capabilities: wiredCapabilities(canCool: modes.contains("Cool")),
            hasScheduleCapabilities: hasScheduleCapabilities
        )
        var home = thermostats(
            location: location,
            systemID: id,
            model: model,
            zones: [zone],
            modes: modes.map(HomeBuilder.permanent)
        )
        var status = HomeBuilder.zoneStatus(id, "THERMOSTAT", temperature: 19.5).object ?? [:]
        status["fanStatus"] = ["fanMode": "Auto", "canBeChanged": true]
        home.statuses[location] = HomeBuilder.status(
            location: location,
            gateway: "\((Int(location) ?? 0) + 1)",
            system: id,
            zones: [.object(status)],
            mode: "Heat"
        )
        home.schedules[id] = HomeBuilder.zoneSchedule(day: 20, night: 16)
        return home
    }

    private static func thermostats(
        location: String,
        systemID: String,
        model: String,
        zones: [JSON],
        modes: [JSON]
    ) -> HomeDocuments {
        let system: JSON = [
            "systemId": .string(systemID), "modelType": .string(model), "zones": .array(zones),
            "allowedSystemModes": .array(modes),
        ]
        let gateway = HomeBuilder.gateway(
            id: "\((Int(location) ?? 0) + 1)",
            mac: "00D02D5A2910",
            systems: [system]
        )
        return HomeDocuments(
            account: HomeBuilder.account,
            locations: [HomeBuilder.location(id: location, name: "Home", gateways: [gateway])]
        )
    }

    private static func thermostat(
        id: String,
        name: String,
        model: String,
        kind: String = "Thermostat",
        capabilities: JSON = HomeBuilder.radiatorCapabilities,
        hasScheduleCapabilities: Bool = true
    ) -> JSON {
        var zone: JSONObject = [
            "zoneId": .string(id), "modelType": .string(model), "setpointCapabilities": capabilities,
        ]
        if hasScheduleCapabilities {
            zone["scheduleCapabilities"] = [
                "maxSwitchpointsPerDay": 4,
                "minSwitchpointsPerDay": 0,
                "timingResolution": "00:15:00",
                "setpointValueResolution": 0.5,
            ]
        }
        zone["name"] = .string(name)
        zone["zoneType"] = .string(kind)
        if model.hasSuffix("WifiRetail") { zone["allowedFanModes"] = [["fanMode": "Auto"], ["fanMode": "On"]] }
        return .object(zone)
    }

    private static func wiredCapabilities(canCool: Bool) -> JSON {
        var capabilities: JSONObject = [
            "vacationHoldCapabilities": [
                "isChangeable": true,
                "isCancelable": true,
                "maxDuration": "365.23:45:00",
                "minDuration": "1.00:00:00",
                "timingResolution": "00:15:00",
            ],
            "maxHeatSetpoint": 32.0,
            "minHeatSetpoint": 4.5,
        ]
        if canCool {
            capabilities["maxCoolSetpoint"] = 37.0
            capabilities["minCoolSetpoint"] = 10.0
            capabilities["setpointDeadband"] = 0.0
        }
        capabilities["valueResolution"] = 0.5
        capabilities["canControlHeat"] = true
        capabilities["canControlCool"] = .bool(canCool)
        capabilities["allowedSetpointModes"] = [
            "PermanentOverride", "FollowSchedule", "TemporaryOverride", "VacationHold",
        ]
        capabilities["maxDuration"] = "1.00:00:00"
        capabilities["timingResolution"] = "00:15:00"
        return .object(capabilities)
    }
}
