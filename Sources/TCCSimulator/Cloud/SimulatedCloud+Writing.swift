import Foundation

/// `PUT`: commands are checked at once and carried out later, as tasks of the gateway.
extension SimulatedCloud {
    mutating func write(
        _ endpoint: Endpoint,
        _ request: CloudRequest,
        at now: Date
    ) throws(CloudError) -> CloudResponse {
        guard case .entity(let kind, let id, let aspect) = endpoint else { throw .unknownPath }
        guard Self.isNumeric(id) else { throw .invalidInput }
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

    /// Queues a command; its durations are drawn from the seed.
    mutating func submit(_ command: Command, gateway gatewayID: String, at now: Date) -> String {
        let duration = TimeInterval.random(in: settings.taskDuration, using: &generator)
        return tasks.submit(
            command,
            gateway: gatewayID,
            at: now,
            duration: command.isSlow ? duration * 2 : duration,
            visibility: .random(in: settings.visibilityDelay, using: &generator)
        )
    }

    func gatewayID(_ kind: Endpoint.Kind, _ id: String) -> String? {
        switch kind {
        case .location: nil
        case .gateway: id
        case .system: installation.systems[id]?.gatewayID
        case .zone: installation.zones[id].flatMap { installation.systems[$0.systemID]?.gatewayID }
        case .hotWater: installation.hotWaters[id].flatMap { installation.systems[$0.systemID]?.gatewayID }
        }
    }

    private func zoneSetting(_ id: String, _ body: RequestBody) throws(CloudError) -> Setting<Double> {
        var reading = RequestReading(body)
        let mode = reading.name("setpointMode", of: "TemperatureZone.Enums.EMEASetpointMode", OverrideMode.names)
        let value = reading.number("heatSetpointValue")
        let until = reading.time("timeUntil")
        try reading.finish()
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
        var reading = RequestReading(body)
        let enumerations = "DomesticHotWater.Enums.EMEADomesticHotWater"
        let state = reading.name("state", of: enumerations + "State", ["Off", "On"], emptyIsMissing: true)
        let mode = reading.name("mode", of: enumerations + "SetpointMode", OverrideMode.names)
        let until = reading.time("untilTime")
        try reading.finish()
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
        var reading = RequestReading(body)
        let mode = reading.name("systemMode", of: "TemperatureControlSystem.Enums.EMEASystemMode", SystemModeName.all)
        let isPermanent = reading.flag("permanent")
        let until = reading.time("timeUntil")
        try reading.finish()
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

    private func schedule<Value: SwitchpointValue>(_ body: RequestBody) throws(CloudError) -> WeekSchedule<Value> {
        do {
            return try WeekSchedule(written: .object(body.object))
        } catch .dayMissing {
            throw .refused("DayOfWeekMissing", "One or more days missing.")
        } catch {
            throw .invalidInput
        }
    }
}
