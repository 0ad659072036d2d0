import Foundation

/// The accounts of a cloud. None of them sees what belongs to another.
struct SimulatedAccounts: Sendable {
    private var clouds: [SimulatedCloud]

    /// - Parameters:
    ///   - configuration: What to simulate.
    ///   - now: The homes' time.
    /// - Throws: ``SimulatorError`` for homes that cannot be read.
    init(_ configuration: SimulatorConfiguration, now: Date) throws {
        let homes = try configuration.homes.map { try $0.documents() }
        // Users have ids apart from those of devices.
        var (devices, users) = (IdentifierPool(), IdentifierPool())
        clouds = (1...configuration.accounts).map { number in
            var installation = Installation(homes: homes, copies: configuration.copies, in: &devices, now: now)
            let username = Self.username(configuration.username, number)
            if let other = users.take([installation.userID])[installation.userID] {
                installation.account["userId"] = .string(other)
                installation.account["username"] = .string(username)
            }
            return SimulatedCloud(
                installation: installation,
                settings: SimulatedCloud.Settings(
                    username: username,
                    password: configuration.password,
                    taskDuration: configuration.taskDuration.seconds,
                    visibilityDelay: configuration.visibilityDelay.seconds
                ),
                tokens: TokenIssuer(
                    lifetime: configuration.tokenLifetime,
                    refreshLifetime: configuration.refreshTokenLifetime
                ),
                loginLimit: configuration.loginLimit,
                seed: configuration.seed &+ UInt64(number - 1)
            )
        }
    }

    /// The first account.
    var first: SimulatedCloud { clouds[0] }

    /// The second `user@example.com` is `user2@example.com`.
    private static func username(_ first: String, _ number: Int) -> String {
        guard number > 1 else { return first }
        let name = first.prefix { $0 != "@" }
        return "\(name)\(number)\(first.dropFirst(name.count))"
    }

    mutating func respond(to request: CloudRequest, at moment: Moment) -> CloudResponse {
        // The first account refuses what is nobody's.
        guard clouds.count > 1, let caller = Caller(request), let index = clouds.firstIndex(where: { $0.knows(caller) })
        else { return clouds[0].respond(to: request, at: moment) }
        return clouds[index].respond(to: request, at: moment)
    }

    mutating func forEach(_ body: (inout SimulatedCloud) -> Void) {
        for index in clouds.indices { body(&clouds[index]) }
    }

    /// Changes the account that has what is to be changed.
    /// - Parameter edit: Changes nothing when it throws.
    /// - Throws: What `edit` throws for the last account, if no account has it.
    mutating func change<Value>(
        _ edit: (inout SimulatedCloud) throws(SimulatorError) -> Value
    ) throws(SimulatorError) -> Value {
        for index in clouds.indices.dropLast() {
            do { return try edit(&clouds[index]) } catch { continue }
        }
        return try edit(&clouds[clouds.count - 1])
    }

    /// What belongs to all accounts, in their order.
    var installations: [Installation] { clouds.map(\.installation) }

    /// The status of every location of every account.
    mutating func statuses(at now: Date) -> [JSON] {
        var statuses: [JSON] = []
        forEach { statuses += $0.statuses(at: now) }
        return statuses
    }
}

/// By what a request says whose it is.
private enum Caller {
    case session(String)
    case token(String)
    case username(String)

    init?(_ request: CloudRequest) {
        let authorization = request.headers["authorization"]?.split(separator: " ") ?? []
        if let id = request.headers["sessionid"] {
            self = .session(id)
        } else if authorization.first?.lowercased() == "bearer", let token = authorization.last {
            self = .token(String(token))
        } else if let username = (try? JSON(parsing: request.body))?.object?.value("username")?.string {
            self = .username(username)
        } else if let token = request.form.first(where: { $0.name == "refresh_token" })?.value {
            self = .token(token)
        } else if let username = request.form.first(where: { $0.name.lowercased() == "username" })?.value {
            self = .username(username)
        } else {
            return nil
        }
    }
}

extension SimulatedCloud {
    fileprivate func knows(_ caller: Caller) -> Bool {
        switch caller {
        case .session(let id): sessions.hasOpened(id)
        case .token(let token): tokens.hasIssued(token)
        case .username(let username): isUser(username)
        }
    }
}
