public import Basics
public import Foundation
import HTTPTypes
public import HeatingModel
public import Logging
import Observability

/// The one authenticated client of the cloud in a process: API v2.
///
/// Its calls differ in path, body and answer; tokens, the one retry after a 401 and the reading of errors are shared.
public final class TCCClient: Sendable {
    private let cloud: CloudAddress
    private let transport: any HTTPTransport
    private let tokens: TokenProvider
    private let clock: any WallClock
    private let logger: Logger
    private let onReading: Reading?
    private let statuses = RepeatedAnswers<StatusQuestion, LocationStatus>()
    /// What answers held that was not understood.
    public let notUnderstood: Surprises

    /// What is asked for with a status, and what its times are read by.
    private struct StatusQuestion: Hashable {
        var location: LocationID
        var timeZone: LocationTimeZone
    }

    /// Gets what was read as the cloud sent it.
    ///
    /// - Parameters:
    ///   - path: Of the request, with its query.
    ///   - body: It was understood.
    public typealias Reading = @Sendable (_ path: String, _ body: Data) -> Void

    /// - Parameter onReading: `nil` if nobody needs the bytes.
    public init(
        cloud: CloudAddress,
        transport: any HTTPTransport,
        tokens: TokenProvider,
        clock: any WallClock,
        logger: Logger,
        onReading: Reading? = nil
    ) {
        self.cloud = cloud
        self.transport = transport
        self.tokens = tokens
        self.clock = clock
        self.logger = logger
        self.onReading = onReading
        notUnderstood = Surprises(logger: logger)
    }

    /// Why tokens cannot be saved, in one sentence; `nil` while they can.
    public var storeProblem: String? { tokens.storeFailure?.sentence }

    // MARK: - Reading

    /// Everything that the account can see.
    ///
    /// - Parameter known: The account's id from an earlier installation, which saves a call. It never changes.
    public func installation(of known: String?) async throws(CloudFailure) -> Installation {
        let accountID: String
        if let known { accountID = known } else { accountID = try await self.accountID() }
        let locations = try await call(
            .get,
            "/location/installationInfo?userId=\(FormEncoding.escape(accountID))"
                + "&includeTemperatureControlSystems=True",
            limit: 16 << 20,
            as: [WireLocation].self
        )
        statuses.forget()
        return Installation(accountID: accountID, locations: locations.map(Location.init))
    }

    private func accountID() async throws(CloudFailure) -> String {
        try await call(.get, "/userAccount", as: WireUserAccount.self).userId.text
    }

    /// The state of everything in a location. This is the call that a poll makes.
    public func status(of location: Location) async throws(CloudFailure) -> LocationStatus {
        let path = "/location/\(location.id.escaped)/status?includeTemperatureControlSystems=True"
        let answer = try await successful(.get, path)
        let question = StatusQuestion(location: location.id, timeZone: location.timeZone)
        let reading = try statuses.reading(of: answer.body, to: question) { () throws(CloudFailure) in
            let (status, surprises) = try answer.decoded(as: WireLocationStatus.self, from: path)
            return .init(meaning: LocationStatus(status, in: location.timeZone), surprises: surprises)
        }
        understood(answer, from: path, surprises: reading.surprises)
        return reading.meaning
    }

    /// The schedule of a zone.
    ///
    /// - Returns: `nil` when the zone has none: some wireless thermostats are programmed on the device only.
    public func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>? {
        try await schedule("/temperatureZone/\(zone.escaped)/schedule", of: WireZoneSwitchpoint.self)
    }

    /// The schedule of hot water.
    ///
    /// - Returns: `nil` when it has none.
    public func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>? {
        try await schedule("/domesticHotWater/\(hotWater.escaped)/schedule", of: WireHotWaterSwitchpoint.self)
    }

    private func schedule<Switchpoint: WireSwitchpoint>(
        _ path: String,
        of type: Switchpoint.Type
    ) async throws(CloudFailure) -> Schedule<Switchpoint.Value>? {
        do {
            return try await call(.get, path, as: WireSchedule<Switchpoint>.self).schedule
        } catch {
            guard error.code == "ScheduleNotFound" else { throw error }
            return nil
        }
    }

    // MARK: - Writing

    /// Sends a change. The answer means that the cloud accepted it, not that the gateway did.
    ///
    /// - Returns: The communication task that delivers it to the gateway; `nil` when the cloud named none.
    public func make(_ call: CloudCall) async throws(CloudFailure) -> CommunicationTaskID? {
        switch call {
        case .zone(let id, let override):
            try await put("/temperatureZone/\(id.escaped)/heatSetpoint", WireHeatSetpoint(override))
        case .hotWater(let id, let override):
            try await put("/domesticHotWater/\(id.escaped)/state", WireHotWaterState(override))
        case .system(let id, let mode, let until):
            try await put("/temperatureControlSystem/\(id.escaped)/mode", WireSystemMode(mode, until: until))
        case .zoneSchedule(let id, let schedule):
            try await put("/temperatureZone/\(id.escaped)/schedule", WireSchedule<WireZoneSwitchpoint>(schedule))
        case .hotWaterSchedule(let id, let schedule):
            try await put("/domesticHotWater/\(id.escaped)/schedule", WireSchedule<WireHotWaterSwitchpoint>(schedule))
        }
    }

    /// The progress of a communication task.
    ///
    /// - Returns: `nil` when the cloud does not know the task.
    public func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState? {
        do {
            let path = "/commTasks?commTaskId=\(task.escaped)"
            let answer = try await call(.get, path, as: WireOneOrList<WireCommunicationTask>.self)
            return answer.first.map { CommunicationTaskState(vendorText: $0.state.text) }
        } catch {
            guard error.kind == .refused else { throw error }
            return nil
        }
    }

    private func put(
        _ path: String,
        _ body: some Encodable & Sendable
    ) async throws(CloudFailure) -> CommunicationTaskID? {
        let answer = try await successful(.put, path, body: body)
        guard let tasks = answer.decoded(as: WireOneOrList<WireTaskReference>.self) else {
            // Only the cloud itself carries a change out. Its success counts even if the rest of the answer is lost: a call
            // that is made again would be a second change.
            if answer.isWebPage { throw CloudFailure(notUnderstood: answer) }
            return nil
        }
        return tasks.first.map { CommunicationTaskID($0.id.text) }
    }

    // MARK: - Calls

    /// One call, its answer decoded.
    ///
    /// - Parameter limit: The most bytes that the answer may have.
    private func call<Answer: WireReadable>(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: (any Encodable & Sendable)? = nil,
        limit: Int = 1 << 20,
        as type: Answer.Type
    ) async throws(CloudFailure) -> Answer {
        let answer = try await successful(method, path, body: body, limit: limit)
        let (decoded, surprises) = try answer.decoded(as: type, from: path)
        understood(answer, from: path, surprises: surprises)
        return decoded
    }

    private func understood(_ answer: HTTPAnswer, from path: String, surprises: [String]) {
        notUnderstood.add(surprises)
        onReading?(Self.base + path, Data(answer.body))
    }

    /// - Returns: An answer that says success; its body can be anything.
    private func successful(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: (any Encodable & Sendable)? = nil,
        limit: Int = 1 << 20
    ) async throws(CloudFailure) -> HTTPAnswer {
        let answer = try await authorised(method, path, body: body, limit: limit)
        guard (200..<300).contains(answer.status) else { throw CloudFailure(answer, at: clock.now) }
        return answer
    }

    /// Sends with an access token, and once more with another if the first is refused.
    private func authorised(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: (any Encodable & Sendable)?,
        limit: Int
    ) async throws(CloudFailure) -> HTTPAnswer {
        let bytes = try body.map(Self.encode)
        let first = try await tokens.accessToken()
        let answer = try await send(method, path, body: bytes, limit: limit, token: first)
        guard answer.isRefusedToken else {
            tokens.proved(first)
            return answer
        }
        let second = try await tokens.accessToken(insteadOf: first)
        let retried = try await send(method, path, body: bytes, limit: limit, token: second)
        if !retried.isRefusedToken { tokens.proved(second) }
        return retried
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: [UInt8]?,
        limit: Int,
        token: AccessToken
    ) async throws(CloudFailure) -> HTTPAnswer {
        var fields: HTTPFields = [.accept: "application/json", .authorization: "bearer " + token.value.revealed]
        if body != nil { fields[.contentType] = "application/json" }
        do throws(TransportFailure) {
            let request = cloud.request(method, Self.base + path, headerFields: fields)
            let answer = try await transport.send(request, body: body, limit: limit)
            logger.debug(
                "Called the cloud",
                metadata: ["method": "\(method)", "path": "\(path)", "status": "\(answer.status)"]
            )
            return answer
        } catch {
            logger.debug(
                "Cloud request failed",
                metadata: ["method": "\(method)", "path": "\(path)", "reason": "\(error)"]
            )
            throw CloudFailure(error)
        }
    }

    private static let base = "/WebAPI/emea/api/v1"

    private static func encode(_ body: any Encodable & Sendable) throws(CloudFailure) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(body))
        } catch {
            throw CloudFailure(.refused, "A request could not be written as JSON.")
        }
    }
}
