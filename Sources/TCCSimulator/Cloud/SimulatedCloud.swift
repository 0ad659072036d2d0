import Foundation

/// The cloud as a value: requests and times go in, answers come out, and nothing else happens.
///
/// Nothing runs in it. Time passes when a request for a location comes: its tasks, overrides, schedules and
/// temperatures are then carried on from where they were.
struct SimulatedCloud: Sendable {
    var installation: Installation
    var tokens: TokenIssuer
    var logins: LoginBudget
    var sessions = SessionStore()
    var tasks = TaskLedger()
    var generator: SeededGenerator
    let settings: Settings

    /// What stays the same for the life of a cloud.
    struct Settings: Sendable {
        var username: String
        var password: String
        /// In seconds of the homes' clock.
        var taskDuration: ClosedRange<TimeInterval>
        var visibilityDelay: ClosedRange<TimeInterval>
    }

    init(
        installation: Installation,
        settings: Settings,
        tokens: TokenIssuer,
        loginLimit: LoginLimit,
        seed: UInt64
    ) {
        self.installation = installation
        self.settings = settings
        self.tokens = tokens
        logins = LoginBudget(limit: loginLimit)
        generator = SeededGenerator(seed: seed)
        self.installation.weather = Weather(seed: seed)
    }

    mutating func respond(to request: CloudRequest, at moment: Moment) -> CloudResponse {
        do {
            return try answer(request, at: moment)
        } catch {
            return error.response
        }
    }

    private mutating func answer(_ request: CloudRequest, at moment: Moment) throws(CloudError) -> CloudResponse {
        let path = request.path.lowercased()
        if path == "/auth/oauth/token" { return try token(request, at: moment.wall) }
        if path.hasPrefix(SessionEndpoint.base) { return try answerSession(request, at: moment) }
        guard path.hasPrefix(Endpoint.base), let endpoint = Endpoint(request.path.dropFirst(Endpoint.base.count)) else {
            throw .unknownPath
        }
        guard endpoint.methods.contains(request.method) else {
            // Alone of its kind, the address of a setpoint does not exist for other methods.
            if case .entity(_, _, .heatSetpoint) = endpoint { throw .unknownPath }
            throw .wrongMethod(request.method)
        }
        try authorise(request, at: moment.wall)
        if request.method == "PUT" { return try write(endpoint, request, at: moment.home) }
        return try read(endpoint, request, at: moment.home)
    }

    private func authorise(_ request: CloudRequest, at now: Date) throws(CloudError) {
        let parts = request.headers["authorization"]?.split(separator: " ") ?? []
        guard parts.count == 2, parts[0].lowercased() == "bearer", tokens.isGood(String(parts[1]), at: now) else {
            throw .unauthorised
        }
    }

    /// Carries a location on to a time: what its gateways have done comes into force in order.
    mutating func advance(location id: String, to now: Date) {
        guard let location = installation.locations[id], now > location.advancedTo else { return }
        for gatewayID in location.gatewayIDs where installation.gateways[gatewayID]?.isAway == false {
            tasks.advance(gateway: gatewayID, to: now)
        }
        while let effect = tasks.nextEffect(gateways: location.gatewayIDs, before: now) {
            installation.live(location: id, to: effect.at)
            apply(effect.command)
        }
        installation.live(location: id, to: now)
        installation.locations[id]?.advancedTo = now
    }

    private mutating func apply(_ command: Command) {
        switch command {
        case .setZone(let id, let setting):
            guard let zone = installation.zones[id] else { return }
            // The controller keeps a setpoint within the range that was set on it.
            var setting = setting
            setting.value = min(max(setting.value, zone.range.lowerBound), zone.range.upperBound)
            installation.zones[id]?.setting = setting
        case .setHotWater(let id, let setting): installation.hotWaters[id]?.setting = setting
        case .setMode(let id, let mode): installation.enter(mode, system: id)
        case .writeZoneSchedule(let id, let schedule): installation.zones[id]?.schedule = schedule
        case .writeHotWaterSchedule(let id, let schedule): installation.hotWaters[id]?.schedule = schedule
        }
    }
}
