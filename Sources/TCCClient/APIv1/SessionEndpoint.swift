import Basics
import Foundation
import HTTPTypes
import HeatingModel
import Observability

/// API v1, `/WebAPI/api`, as far as it is used: a login, a check whether a session is open, and temperatures.
struct SessionEndpoint: Sendable {
    private let cloud: CloudAddress
    private let transport: any HTTPTransport
    private let clock: any WallClock
    private let notUnderstood: Surprises
    /// Gets what was read as the cloud sent it.
    private let onReading: TCCClient.Reading?
    /// By the path that they are read from.
    private let lastTemperatures = RepeatedAnswers<String, [SensorID: Temperature]>()

    init(
        cloud: CloudAddress,
        transport: any HTTPTransport,
        clock: any WallClock,
        notUnderstood: Surprises,
        onReading: TCCClient.Reading?
    ) {
        self.cloud = cloud
        self.transport = transport
        self.clock = clock
        self.notUnderstood = notUnderstood
        self.onReading = onReading
    }

    /// - Returns: `nil` when the caller was cancelled.
    func logIn(with credentials: Credentials) async -> SessionAnswer? {
        let login = WireV1Login(
            applicationId: Self.applicationID,
            username: credentials.username,
            password: credentials.password.revealed
        )
        guard let body = try? JSONEncoder().encode(login) else { return .refused }
        do throws(TransportFailure) {
            let answer = try await send(.post, "/Session", body: Array(body))
            let meaning = SessionAnswer(answer, at: clock.now)
            if case .granted = meaning { onReading?(Self.base + "/session", Data(answer.body)) }
            return meaning
        } catch {
            switch error {
            case .cancelled: return nil
            case .notSent: return .unregarded(CloudFailure(error))
            case .timedOut, .cut, .tooLarge: return .unanswered(CloudFailure(error))
            }
        }
    }

    /// Returns if the session is open, and throws otherwise.
    func check(_ session: Session) async throws(CloudFailure) {
        let path = "/accountInfo"
        let answer = try await get(path, session)
        understood(answer, from: path, surprises: try answer.decoded(as: WireV1Session.User.self, from: path).surprises)
    }

    /// What every sensor of the account measures; sensors that measure nothing are left out.
    func temperatures(_ session: Session) async throws(CloudFailure) -> [SensorID: Temperature] {
        let path = "/locations?userId=\(FormEncoding.escape(session.userID))&allData=True"
        let answer = try await get(path, session)
        let reading = try lastTemperatures.reading(of: answer.body, to: path) { () throws(CloudFailure) in
            let (locations, surprises) = try answer.decoded(as: [WireV1Location].self, from: path)
            return .init(meaning: [SensorID: Temperature](locations), surprises: surprises)
        }
        understood(answer, from: path, surprises: reading.surprises)
        return reading.meaning
    }

    /// - Returns: An answer that says success; its body can be anything.
    private func get(_ path: String, _ session: Session) async throws(CloudFailure) -> HTTPAnswer {
        let answer: HTTPAnswer
        do throws(TransportFailure) {
            answer = try await send(.get, path, session: session)
        } catch {
            throw CloudFailure(error)
        }
        guard answer.status == 200 else { throw CloudFailure(answer, at: clock.now) }
        return answer
    }

    private func understood(_ answer: HTTPAnswer, from path: String, surprises: [String]) {
        notUnderstood.add(surprises)
        onReading?(Self.base + path, Data(answer.body))
    }

    private func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        session: Session? = nil,
        body: [UInt8]? = nil
    ) async throws(TransportFailure) -> HTTPAnswer {
        var fields: HTTPFields = [.accept: "application/json"]
        if body != nil { fields[.contentType] = "application/json" }
        if let session, let name = HTTPField.Name("sessionId") { fields[name] = session.id.revealed }
        let request = cloud.request(method, Self.base + path, headerFields: fields)
        return try await transport.send(request, body: body, limit: Self.limit)
    }

    private static let base = "/WebAPI/api"

    /// The public application id that every open client uses with this API (evohome-async, evohome-client).
    private static let applicationID = "91db1612-73fd-4500-91b2-e63b069b185c"

    /// In bytes. A device takes some 1,300, so this is enough for a hundred homes; temperatures are not worth the memory
    /// that a thousand would take.
    private static let limit = 2 << 20
}

extension SessionAnswer {
    init(_ answer: HTTPAnswer, at now: Instant) {
        if answer.status == 401, answer.errors.contains(where: { $0.code == "EmailOrPasswordIncorrect" }) {
            self = .refused
        } else if answer.status != 200 {
            self = .unregarded(CloudFailure(answer, at: now))
        } else if let wire = answer.decoded(as: WireV1Session.self),
            !wire.sessionId.isEmpty
        {
            self = .granted(Session(id: Secret(wire.sessionId), userID: wire.userInfo.userID.text, proved: now))
        } else {
            self = .unanswered(CloudFailure(notUnderstood: answer))
        }
    }
}

/// `POST /Session`.
struct WireV1Login: Encodable, Sendable {
    var applicationId: String
    var username: String
    var password: String
}

/// The answer to a login. The rest of it is about the person.
struct WireV1Session: WireObject, Sendable {
    struct User: WireObject, Sendable {
        let userID: WireIdentifier

        init(_ members: WireMembers) throws(WireProblem) {
            userID = try members.required("userID")
        }
    }

    let sessionId: String
    let userInfo: User

    init(_ members: WireMembers) throws(WireProblem) {
        sessionId = try members.required("sessionId")
        userInfo = try members.required("userInfo")
    }
}

/// `GET /locations`: one of the list.
struct WireV1Location: WireObject, Sendable {
    let devices: [WireV1Device]?

    init(_ members: WireMembers) throws(WireProblem) {
        devices = members.optional("devices")
    }
}

/// A zone or hot water.
struct WireV1Device: WireObject, Sendable {
    struct Thermostat: WireObject, Sendable {
        let units: WireText<Vocabulary.Units>?
        let indoorTemperature: Double?
        let indoorTemperatureStatus: WireText<Vocabulary.Measurements>?

        init(_ members: WireMembers) throws(WireProblem) {
            units = members.optional("units")
            indoorTemperature = members.optional("indoorTemperature")
            indoorTemperatureStatus = members.optional("indoorTemperatureStatus")
        }
    }

    let deviceID: WireIdentifier
    let thermostat: Thermostat?
    let isAlive: Bool?

    init(_ members: WireMembers) throws(WireProblem) {
        deviceID = try members.required("deviceID")
        thermostat = members.optional("thermostat")
        isAlive = members.optional("isAlive")
    }
}

extension WireV1Device {
    /// `nil` if nothing is measured now; the vendor also says so by 128.
    var temperature: Temperature? {
        guard isAlive != false, let thermostat, let temperature = thermostat.indoorTemperature, temperature < 128,
            thermostat.indoorTemperatureStatus?.text ?? "Measured" == "Measured",
            thermostat.units?.text ?? "Celsius" == "Celsius"
        else { return nil }
        return Temperature(celsius: temperature)
    }
}

extension [SensorID: Temperature] {
    init(_ locations: [WireV1Location]) {
        self.init()
        for device in locations.flatMap({ $0.devices ?? [] }) {
            self[SensorID(device.deviceID.text)] = device.temperature
        }
    }
}
