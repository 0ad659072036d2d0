import Foundation

/// The objects of API v2, built from captured documents and simulated values.
extension Installation {
    /// The element of a location in `GET location/installationInfo`.
    func configuration(ofLocation id: String, at now: Date, withSystems: Bool) -> JSON? {
        guard let location = locations[id] else { return nil }
        var document = location.configuration
        document["locationInfo"] = document["locationInfo"].map { info in
            guard var members = info.object, var zone = members["timeZone"]?.object else { return info }
            zone["currentOffsetMinutes"] = .number(location.clock.offset(at: now) / 60)
            members["timeZone"] = .object(zone)
            return .object(members)
        }
        document["gateways"] = .array(
            location.gatewayIDs.compactMap { configuration(ofGateway: $0, withSystems: withSystems) }
        )
        return .object(document)
    }

    func configuration(ofGateway id: String, withSystems: Bool) -> JSON? {
        guard let gateway = gateways[id] else { return nil }
        var document = gateway.configuration
        if !withSystems {
            document["temperatureControlSystems"] = nil
        } else if document["temperatureControlSystems"] != nil {
            document["temperatureControlSystems"] = .array(gateway.systemIDs.compactMap(configuration(ofSystem:)))
        }
        return .object(document)
    }

    func configuration(ofSystem id: String) -> JSON? {
        guard let system = systems[id] else { return nil }
        var document = system.configuration
        document["zones"] = .array(system.configuredZoneIDs.compactMap(configuration(ofZone:)))
        if let hotWater = system.hotWaterID.flatMap(configuration(ofHotWater:)) { document["dhw"] = hotWater }
        return .object(document)
    }

    func configuration(ofZone id: String) -> JSON? {
        zones[id]?.configuration.map { .object($0) }
    }

    func configuration(ofHotWater id: String) -> JSON? {
        hotWaters[id].map { .object($0.configuration) }
    }

    /// The response to `GET location/{id}/status`.
    func status(ofLocation id: String, at now: Date, withSystems: Bool) -> JSON? {
        guard let location = locations[id] else { return nil }
        var document = location.status
        document["gateways"] = .array(
            location.gatewayIDs.compactMap { status(ofGateway: $0, at: now, withSystems: withSystems) }
        )
        return .object(document)
    }

    func status(ofGateway id: String, at now: Date, withSystems: Bool) -> JSON? {
        guard let gateway = gateways[id] else { return nil }
        var document = gateway.status
        document["temperatureControlSystems"] =
            withSystems ? .array(gateway.systemIDs.compactMap { status(ofSystem: $0, at: now) }) : nil
        document["activeFaults"] = .array(gateway.faults.map { .object($0.document) })
        return .object(document)
    }

    func status(ofSystem id: String, at now: Date) -> JSON? {
        guard let system = systems[id] else { return nil }
        var document = system.status
        document["zones"] = .array(system.reportedZoneIDs.compactMap { status(ofZone: $0, at: now) })
        if let hotWater = system.hotWaterID.flatMap({ status(ofHotWater: $0, at: now) }) { document["dhw"] = hotWater }
        document["activeFaults"] = .array(system.faults.map { .object($0.document) })
        var mode: JSONObject = ["mode": .string(system.mode.mode)]
        if let until = system.mode.until { mode["timeUntil"] = .string(Timestamp.utc(until)) }
        mode["isPermanent"] = .bool(system.mode.until == nil)
        document["systemModeStatus"] = .object(mode)
        return .object(document)
    }

    func status(ofZone id: String, at now: Date) -> JSON? {
        guard let zone = zones[id] else { return nil }
        let target = target(of: zone, at: now)
        var document = zone.status
        document["temperatureStatus"] = Self.temperature(zone.reading, towards: target)
        document["activeFaults"] = .array(zone.faults.map { .object($0.document) })
        var setpoint: JSONObject = [
            "targetHeatTemperature": .number(target), "setpointMode": .string(zone.setting.mode),
        ]
        if let until = zone.setting.until { setpoint["until"] = .string(Timestamp.utc(until)) }
        document["setpointStatus"] = .object(setpoint)
        return .object(document)
    }

    func status(ofHotWater id: String, at now: Date) -> JSON? {
        guard let hotWater = hotWaters[id] else { return nil }
        var document = hotWater.status
        document["temperatureStatus"] = Self.temperature(hotWater.reading, towards: nil)
        var state: JSONObject = [
            "state": isOn(hotWater, at: now).switchpointJSON, "mode": .string(hotWater.setting.mode),
        ]
        if let until = hotWater.setting.until { state["until"] = .string(Timestamp.utc(until)) }
        document["stateStatus"] = .object(state)
        document["activeFaults"] = .array(hotWater.faults.map { .object($0.document) })
        return .object(document)
    }

    /// In half degrees, rounded towards the setpoint as the controller does; no temperature if the sensor is lost.
    private static func temperature(_ reading: Double?, towards target: Double?) -> JSON {
        guard let reading else { return ["isAvailable": false] }
        let halves = reading * 2
        let rounded =
            switch target {
            case let target? where reading < target: min(halves.rounded(.up), (target * 2).rounded(.down))
            case let target? where reading > target: max(halves.rounded(.down), (target * 2).rounded(.up))
            default: halves.rounded()
            }
        return ["temperature": .number(rounded / 2), "isAvailable": true]
    }
}
