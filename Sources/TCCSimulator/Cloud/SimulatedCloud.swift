import Foundation

/// The cloud of one account as a value: requests and times go in, responses come out, and nothing else happens.
///
/// Nothing runs in the background. When a request for a location arrives, the location's tasks, overrides, schedules and
/// temperatures are brought up to date first.
struct SimulatedCloud: Sendable {
    /// What does not change during the life of a cloud.
    struct Settings: Sendable {
        var username: String
        var password: String
        /// In seconds of the homes' clock.
        var taskDuration: ClosedRange<TimeInterval>
        /// In seconds of the homes' clock.
        var visibilityDelay: ClosedRange<TimeInterval>
    }

    enum Login {
        case accepted
        case refused
        case tooMany
    }

    /// The application id that every open client uses (evohome-async `auth.py`, evohome-client, openHAB).
    private static let application = "4a231089-d2b6-41bd-a5eb-16a0a422b999:1a15cdb8-42de-407b-add0-059f92c530cb"

    var installation: Installation
    var tokens: TokenIssuer
    var sessions = SessionStore()
    var tasks = TaskLedger()
    private var logins: LoginBudget
    private var generator: SeededGenerator
    private let settings: Settings

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
            return try route(request, at: moment)
        } catch {
            return error.response
        }
    }

    private mutating func route(_ request: CloudRequest, at moment: Moment) throws(CloudError) -> CloudResponse {
        let path = request.path.lowercased()
        if path == "/auth/oauth/token" { return try token(request, at: moment.wall) }
        if path.hasPrefix(EndpointV1.base) { return try respondV1(to: request, at: moment) }
        guard path.hasPrefix(Endpoint.base), let endpoint = Endpoint(request.path.dropFirst(Endpoint.base.count)) else {
            throw .unknownPath
        }
        guard endpoint.methods.contains(request.method) else {
            // Unlike all others, this path is not found with other methods.
            if case .entity(_, _, .heatSetpoint) = endpoint { throw .unknownPath }
            throw .wrongMethod(request.method)
        }
        try authorise(request, at: moment.wall)
        if request.method == "PUT" { return try write(endpoint, request, at: moment.home) }
        return try read(endpoint, request, at: moment.home)
    }

    // MARK: Logins

    /// `POST /Auth/OAuth/Token`.
    private mutating func token(_ request: CloudRequest, at now: Date) throws(CloudError) -> CloudResponse {
        guard request.method == "POST" else { throw .wrongMethod(request.method) }
        guard isKnownApplication(request.headers["authorization"]) else {
            throw .token(status: 400, "invalid_client")
        }
        let form = Dictionary(request.form.map { ($0.name, $0.value) }) { first, _ in first }
        let pair: TokenPair?
        switch form["grant_type"] {
        case "password":
            switch logIn(form["Username"], form["Password"], at: now) {
            case .accepted: pair = tokens.issue(at: now)
            case .refused: pair = nil
            case .tooMany: throw .token(status: 429, "attempt_limit_exceeded")
            }
        case "refresh_token": pair = tokens.exchange(form["refresh_token"] ?? "", at: now)
        default: throw .token(status: 400, "unsupported_grant_type")
        }
        guard let pair else { throw .token(status: 400, "invalid_grant") }
        return .json([
            "access_token": .string(pair.access),
            "token_type": "bearer",
            "expires_in": .number(pair.expiresIn),
            "refresh_token": .string(pair.refresh),
            "scope": .string(form["scope"] ?? "EMEA-V1-Basic EMEA-V1-Anonymous"),
        ])
    }

    /// Checks a login against the budget that both APIs share, then against the account.
    mutating func logIn(_ username: String?, _ password: String?, at now: Date) -> Login {
        guard logins.spend(at: now) else { return .tooMany }
        guard let username, isUser(username), password == settings.password else { return .refused }
        return .accepted
    }

    /// - Returns: Whether this is the user name of the account. It is not case-sensitive.
    func isUser(_ username: String) -> Bool { username.lowercased() == settings.username.lowercased() }

    private func isKnownApplication(_ authorization: String?) -> Bool {
        let parts = authorization?.split(separator: " ") ?? []
        guard parts.count == 2, parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1]))
        else { return false }
        return String(decoding: data, as: UTF8.self) == Self.application
    }

    private func authorise(_ request: CloudRequest, at now: Date) throws(CloudError) {
        let parts = request.headers["authorization"]?.split(separator: " ") ?? []
        guard parts.count == 2, parts[0].lowercased() == "bearer", tokens.isGood(String(parts[1]), at: now) else {
            throw .unauthorised
        }
    }

    // MARK: Ownership

    /// The location of an entity; `nil` for one that does not belong to the account.
    func locationID(_ kind: Endpoint.Kind, _ id: String) -> String? {
        switch kind {
        case .location: installation.locations[id]?.id
        case .gateway, .system, .zone, .hotWater:
            gatewayID(kind, id).flatMap { installation.gateways[$0]?.locationID }
        }
    }

    /// The gateway of an entity; `nil` for a location, and for one that does not belong to the account.
    func gatewayID(_ kind: Endpoint.Kind, _ id: String) -> String? {
        switch kind {
        case .location: nil
        case .gateway: installation.gateways[id]?.id
        case .system: installation.systems[id]?.gatewayID
        case .zone: installation.zones[id].flatMap { installation.systems[$0.systemID]?.gatewayID }
        case .hotWater: installation.hotWaters[id].flatMap { installation.systems[$0.systemID]?.gatewayID }
        }
    }

    // MARK: Tasks

    /// Queues a command. Its durations are drawn from the seed.
    /// - Returns: The id of the communication task.
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

    /// The task that a request names, brought up to date.
    mutating func task(_ request: CloudRequest, at now: Date) throws(CloudError) -> CommunicationTask {
        guard let id = request.parameter("commTaskId") else { throw .unknownResource(request.path) }
        guard id.isNumeric else { throw .invalidInput }
        if let gateway = tasks.tasks[id].flatMap({ installation.gateways[$0.gatewayID] }) {
            advance(location: gateway.locationID, to: now)
        }
        guard let task = tasks.tasks[id] else {
            throw .refused("CommTaskNotFound", "Communication task not found.", status: 404)
        }
        return task
    }

    /// The status of every location with all its systems, as `GET location/{id}/status` shows it.
    mutating func statuses(at now: Date) -> [JSON] {
        installation.locationIDs.compactMap { id in
            advance(location: id, to: now)
            return installation.status(ofLocation: id, at: now, withSystems: true)
        }
    }

    /// Brings a location up to date. What its gateways have carried out takes effect in order.
    mutating func advance(location id: String, to now: Date) {
        guard let location = installation.locations[id], now > location.advancedTo else { return }
        for gatewayID in location.gatewayIDs where installation.gateways[gatewayID]?.isAway == false {
            tasks.advance(gateway: gatewayID, to: now)
        }
        while let effect = tasks.nextEffect(gateways: location.gatewayIDs, before: now) {
            installation.advance(location: id, to: effect.at)
            apply(effect.command)
        }
        installation.advance(location: id, to: now)
        installation.locations[id]?.advancedTo = now
    }

    private mutating func apply(_ command: Command) {
        switch command {
        case .setZone(let id, let setting):
            guard let zone = installation.zones[id] else { return }
            // The controller keeps a setpoint within the range of the zone.
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
