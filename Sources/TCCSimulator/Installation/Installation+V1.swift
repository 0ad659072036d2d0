import Foundation

/// The objects of API v1: ids are numbers, and temperatures have a resolution of 0.01 °C.
extension Installation {
    /// `userInfo` of a session, and the response to `GET accountInfo`.
    var accountV1: JSON {
        [
            "userID": .identifier(userID),
            "username": account["username"] ?? "",
            "firstname": account["firstname"] ?? "",
            "lastname": account["lastname"] ?? "",
            "streetAddress": account["streetAddress"] ?? "",
            "city": account["city"] ?? "",
            "zipcode": account["postcode"] ?? "",
            "country": "GB",
            "telephone": "",
            "userLanguage": "en-GB",
            "isActivated": true,
            "deviceCount": 0,
            "tenantID": 5,
            "securityQuestion1": "NotUsed",
            "securityQuestion2": "NotUsed",
            "securityQuestion3": "NotUsed",
            "latestEulaAccepted": false,
        ]
    }

    func locationV1(_ id: String, at now: Date, withDevices: Bool) -> JSON? {
        guard let location = locations[id] else { return nil }
        let info = location.configuration["locationInfo"]
        var document: JSONObject = [
            "locationID": .identifier(id),
            "name": info?["name"] ?? "",
            "streetAddress": info?["streetAddress"] ?? "",
            "city": info?["city"] ?? "",
            "state": "",
            "country": "GB",
            "zipcode": info?["postcode"] ?? "",
            "type": "Residential",
            "hasStation": true,
        ]
        if withDevices { document["devices"] = .array(devices(ofLocation: id, at: now)) }
        document["oneTouchButtons"] = []
        document["weather"] = weatherV1(at: now, clock: location.clock)
        document["daylightSavingTimeEnabled"] = info?["useDaylightSaveSwitching"] ?? true
        document["timeZone"] = [
            "id": info?["timeZone"]?["timeZoneId"] ?? "",
            "displayName": info?["timeZone"]?["displayName"] ?? "",
            "offsetMinutes": info?["timeZone"]?["offsetMinutes"] ?? 0,
            "currentOffsetMinutes": .number(location.clock.offset(at: now) / 60),
            "usingDaylightSavingTime": info?["useDaylightSaveSwitching"] ?? true,
        ]
        document["oneTouchActionsSuspended"] = false
        document["isLocationOwner"] = true
        document["locationOwnerID"] = .identifier(userID)
        document["locationOwnerName"] = .string(
            [account["firstname"], account["lastname"]].compactMap { $0?.string }.joined(separator: " ")
        )
        document["locationOwnerUserName"] = account["username"] ?? ""
        document["canSearchForContractors"] = false
        return .object(document)
    }

    private func weatherV1(at now: Date, clock: LocalClock) -> JSON {
        let outside = weather.temperature(at: now, offset: clock.offset(at: now))
        return [
            "condition": "Cloudy",
            "temperature": .number(outside.rounded()),
            "units": "Celsius",
            "humidity": 80,
            "phrase": "Cloudy",
        ]
    }

    func gatewaysV1(ofLocation id: String) -> [JSON] {
        (locations[id]?.gatewayIDs ?? []).map { gatewayID in
            [
                "gatewayID": .identifier(gatewayID),
                "mac": gateways[gatewayID]?.configuration["gatewayInfo"]?["mac"] ?? "",
                "isAlive": .bool(gateways[gatewayID]?.isAway == false),
            ]
        }
    }

    /// Hot water first, then the zones, as in captures.
    func devices(ofLocation id: String, at now: Date) -> [JSON] {
        systemIDs(ofLocation: id).flatMap { systemID in
            let system = systems[systemID]
            return ([system?.hotWaterID].compactMap { $0 } + (system?.configuredZoneIDs ?? []))
                .compactMap { device($0, at: now) }
        }
    }

    /// Whether both its gateway and its sensor are in reach.
    func isAlive(_ id: String) -> Bool {
        let systemID = zones[id]?.systemID ?? hotWaters[id]?.systemID ?? ""
        guard gateway(ofSystem: systemID)?.isAway == false else { return false }
        return (zones[id]?.reading ?? hotWaters[id]?.reading) != nil
    }

    func device(_ id: String, at now: Date) -> JSON? {
        if let zone = zones[id] { return device(zone, at: now) }
        return hotWaters[id].map { device($0, at: now) }
    }

    private func device(_ zone: Zone, at now: Date) -> JSON {
        let clock = location(ofSystem: zone.systemID)?.clock
        var setpoint: JSONObject = [
            "value": .number(target(of: zone, at: now)), "status": Self.setpointStatusV1(zone.setting.mode),
        ]
        if let until = zone.setting.until { setpoint["nextTime"] = Self.nextTime(until, clock) }
        let instance = systems[zone.systemID]?.configuredZoneIDs.firstIndex(of: zone.id) ?? 0
        return device(
            zone.id,
            systemID: zone.systemID,
            model: Self.modelV1(zone),
            name: zone.name,
            reading: zone.reading,
            modes: ["Heat", "Off"],
            range: zone.range,
            values: ["mode": "Off", "heatSetpoint": .object(setpoint), "vacationHoldDays": 0],
            instance: instance
        )
    }

    private func device(_ hotWater: HotWater, at now: Date) -> JSON {
        let clock = location(ofSystem: hotWater.systemID)?.clock
        var values: JSONObject = [
            "mode": isOn(hotWater, at: now) ? "DHWOn" : "DHWOff",
            "status": Self.setpointStatusV1(hotWater.setting.mode),
        ]
        if let until = hotWater.setting.until { values["nextTime"] = Self.nextTime(until, clock) }
        return device(
            hotWater.id,
            systemID: hotWater.systemID,
            model: "DOMESTIC_HOT_WATER",
            name: "",
            reading: hotWater.reading,
            modes: ["DHWOn", "DHWOff"],
            range: 5...30,
            values: values,
            instance: 250
        )
    }

    private func device(
        _ id: String,
        systemID: String,
        model: JSON,
        name: String,
        reading: Double?,
        modes: JSON,
        range: ClosedRange<Double>,
        values: JSONObject,
        instance: Int
    ) -> JSON {
        let gateway = gateway(ofSystem: systemID)
        return [
            "gatewayId": .identifier(gateway?.id ?? "0"),
            "deviceID": .identifier(id),
            "thermostatModelType": model,
            "deviceType": 128,
            "name": .string(name),
            "scheduleCapable": false,
            "holdUntilCapable": false,
            "thermostat": [
                "units": "Celsius",
                // 128 means that there is no temperature.
                "indoorTemperature": .number(reading.map { ($0 * 100).rounded() / 100 } ?? 128),
                "outdoorTemperature": 128.0,
                "outdoorTemperatureAvailable": false,
                "outdoorHumidity": 128.0,
                "outdootHumidityAvailable": false,
                "indoorHumidity": 128.0,
                "indoorTemperatureStatus": reading == nil ? "NotAvailable" : "Measured",
                "indoorHumidityStatus": "NotAvailable",
                "outdoorTemperatureStatus": "NotAvailable",
                "outdoorHumidityStatus": "NotAvailable",
                "isCommercial": false,
                "allowedModes": modes,
                "deadband": 0.0,
                "minHeatSetpoint": .number(range.lowerBound),
                "maxHeatSetpoint": .number(range.upperBound),
                "minCoolSetpoint": 50.0,
                "maxCoolSetpoint": 90.0,
                "changeableValues": .object(values),
                "scheduleCapable": false,
                "vacationHoldChangeable": false,
                "vacationHoldCancelable": false,
                "scheduleHeatSp": 0.0,
                "scheduleCoolSp": 0.0,
            ],
            "alertSettings": ["deviceID": .identifier(id)],
            "isUpgrading": false,
            "isAlive": .bool(isAlive(id)),
            "thermostatVersion": "02.00.19.33",
            "macID": gateway?.configuration["gatewayInfo"]?["mac"] ?? "",
            "locationID": .identifier(gateway?.locationID ?? "0"),
            "domainID": 20054,
            "instance": .number(instance),
        ]
    }

    private static func modelV1(_ zone: Zone) -> JSON {
        switch zone.configuration?["modelType"]?.string {
        case "RoundModulation": "EMEA_ROUND_MODULATION"
        case "RoundWireless": "EMEA_ROUND_WIRELESS"
        case "VisionProWifiRetail", "FocusProWifiRetail": 36
        default: "EMEA_ZONE"
        }
    }

    private static func setpointStatusV1(_ mode: String) -> JSON {
        switch OverrideMode(rawValue: mode) {
        case .followSchedule: "Scheduled"
        case .temporaryOverride: "Temporary"
        default: "Hold"
        }
    }

    private static func nextTime(_ until: Date, _ clock: LocalClock?) -> JSON {
        .string(Timestamp.wallClock(until, offset: clock?.offset(at: until) ?? 0))
    }
}
