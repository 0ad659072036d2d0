import Foundation

/// `GET` requests of API v2.
extension SimulatedCloud {
    mutating func read(
        _ endpoint: Endpoint,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        let withSystems = request.flag("includeTemperatureControlSystems")
        switch endpoint {
        case .userAccount: return .json(.object(installation.account))
        case .locations: return try locations(request, at: now, withSystems: withSystems)
        case .gateways:
            let ids = installation.locationIDs.flatMap { installation.locations[$0]?.gatewayIDs ?? [] }
            return .json(.array(ids.compactMap { installation.configuration(ofGateway: $0, withSystems: withSystems) }))
        case .communicationTask: return try communicationTask(request, at: now)
        case .entity(let kind, let id, let aspect):
            guard id.isNumeric else { throw .invalidInput }
            guard let locationID = locationID(kind, id) else { throw .notYours }
            advance(location: locationID, to: now)
            if aspect == .schedule { return try schedule(kind, id) }
            let document =
                aspect == .status
                ? status(kind, id, at: now, withSystems: withSystems)
                : configuration(kind, id, at: now, withSystems: withSystems)
            guard let document else { throw .notYours }
            return .json(document)
        }
    }

    private func locations(
        _ request: CloudRequest,
        at now: Date,
        withSystems: Bool
    ) throws(CloudError) -> CloudResponse {
        guard let user = request.parameter("userId") else { throw .unknownResource(request.path) }
        guard user.isNumeric else { throw .invalidInput }
        guard user == installation.userID else { throw .notYours }
        return .json(
            .array(
                installation.locationIDs.compactMap {
                    installation.configuration(ofLocation: $0, at: now, withSystems: withSystems)
                }
            )
        )
    }

    private func configuration(_ kind: Endpoint.Kind, _ id: String, at now: Date, withSystems: Bool) -> JSON? {
        switch kind {
        case .location: installation.configuration(ofLocation: id, at: now, withSystems: withSystems)
        case .gateway: installation.configuration(ofGateway: id, withSystems: withSystems)
        case .system: installation.configuration(ofSystem: id)
        case .zone: installation.configuration(ofZone: id)
        case .hotWater: installation.configuration(ofHotWater: id)
        }
    }

    private func status(_ kind: Endpoint.Kind, _ id: String, at now: Date, withSystems: Bool) -> JSON? {
        switch kind {
        case .location: installation.status(ofLocation: id, at: now, withSystems: withSystems)
        case .gateway: installation.status(ofGateway: id, at: now, withSystems: withSystems)
        case .system: installation.status(ofSystem: id, at: now)
        case .zone: installation.status(ofZone: id, at: now)
        case .hotWater: installation.status(ofHotWater: id, at: now)
        }
    }

    private func schedule(_ kind: Endpoint.Kind, _ id: String) throws(CloudError) -> CloudResponse {
        let document =
            kind == .zone ? installation.zones[id]?.schedule?.document : installation.hotWaters[id]?.schedule?.document
        guard let document else { throw .refused("ScheduleNotFound", "Schedule not found.") }
        return .json(document)
    }

    private mutating func communicationTask(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        let task = try task(request, at: now)
        return .json(["commtaskId": .string(task.id), "state": .string(task.state)])
    }
}

/// `PUT` requests of API v2. Commands are checked at once and carried out later, as tasks of the gateway.
extension SimulatedCloud {
    mutating func write(
        _ endpoint: Endpoint,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        guard case .entity(let kind, let id, let aspect) = endpoint else { throw .unknownPath }
        guard id.isNumeric else { throw .invalidInput }
        guard let locationID = locationID(kind, id), let gatewayID = gatewayID(kind, id) else { throw .notYours }
        advance(location: locationID, to: now)
        let body = try RequestBody(request.body)
        let command: Command
        switch (kind, aspect) {
        case (.zone, .heatSetpoint): command = .setZone(id, try zoneSetting(id, body))
        case (.hotWater, .state): command = .setHotWater(id, try hotWaterSetting(id, body))
        case (.system, .mode): command = .setMode(system: id, try mode(id, body))
        case (.zone, .schedule): command = .writeZoneSchedule(id, try schedule(body))
        case (.hotWater, .schedule): command = .writeHotWaterSchedule(id, try schedule(body))
        default: throw .unknownPath
        }
        return .created(task: submit(command, gateway: gatewayID, at: now))
    }

    private func zoneSetting(_ id: String, _ body: RequestBody) throws(CloudError) -> Setting<Double> {
        var reader = RequestReader(body)
        let mode = reader.name("setpointMode", of: "TemperatureZone.Enums.EMEASetpointMode", OverrideMode.names)
        let value = reader.number("heatSetpointValue")
        let until = reader.time("timeUntil")
        try reader.finish()
        guard let mode else { throw .missing("SetpointMode") }
        let allowed = installation.zones[id]?.configuration?["setpointCapabilities"]?["allowedSetpointModes"]?.array
        if let allowed, !allowed.contains(.string(mode)) { throw .internalError }
        if mode == OverrideMode.followSchedule.rawValue {
            return Setting(mode: mode, value: installation.zones[id]?.setting.value ?? 20)
        }
        guard let value else {
            throw .refused(
                "HeatSetpointChangeTargetTemperatureNotSet",
                "Target temperature not specified when required"
            )
        }
        if mode == OverrideMode.permanentOverride.rawValue { return Setting(mode: mode, value: value) }
        guard let until else {
            throw .refused("HeatSetpointChangeTimeUntilNotSet", "Time until not specified when required")
        }
        return Setting(mode: mode, value: value, until: until)
    }

    private func hotWaterSetting(_ id: String, _ body: RequestBody) throws(CloudError) -> Setting<Bool> {
        var reader = RequestReader(body)
        let enumerations = "DomesticHotWater.Enums.EMEADomesticHotWater"
        let state = reader.name("state", of: enumerations + "State", ["Off", "On"], emptyIsMissing: true)
        let mode = reader.name("mode", of: enumerations + "SetpointMode", OverrideMode.names)
        let until = reader.time("untilTime")
        try reader.finish()
        guard let mode else { throw .missing("Mode") }
        if mode == OverrideMode.followSchedule.rawValue {
            return Setting(mode: mode, value: installation.hotWaters[id]?.setting.value ?? false)
        }
        guard let state else {
            throw .refused("DHWStateNotSet", "Domestic hot water state is not set when required")
        }
        if mode == OverrideMode.permanentOverride.rawValue { return Setting(mode: mode, value: state == "On") }
        guard let until else {
            throw .refused("DHWUntilTimeNotSet", "Domestic hot water until time is not set when required")
        }
        return Setting(mode: mode, value: state == "On", until: until)
    }

    private func mode(_ id: String, _ body: RequestBody) throws(CloudError) -> SystemModeStatus {
        var reader = RequestReader(body)
        let mode = reader.name(
            "systemMode",
            of: "TemperatureControlSystem.Enums.EMEASystemMode",
            SystemModeStatus.names
        )
        let isPermanent = reader.flag("permanent")
        let until = reader.time("timeUntil")
        try reader.finish()
        guard let mode, let isPermanent else {
            let missing = [mode == nil ? "SystemMode" : nil, isPermanent == nil ? "Permanent" : nil]
            throw .entries(status: 400, missing.compactMap { $0 }.map(CloudError.Entry.missing))
        }
        guard installation.systems[id]?.allowedModes.contains(mode) == true else { throw .internalError }
        if isPermanent { return SystemModeStatus(mode: mode) }
        guard let until else {
            throw .refused("SystemModeChangeTimeUntilNotSet", "Time until not specified when required")
        }
        return SystemModeStatus(mode: mode, until: until)
    }

    private func schedule<Value: SwitchpointValue>(_ body: RequestBody) throws(CloudError) -> Schedule<Value> {
        do {
            return try Schedule(written: .object(body.object))
        } catch .dayMissing {
            throw .refused("DayOfWeekMissing", "One or more days missing.")
        } catch {
            throw .invalidInput
        }
    }
}
