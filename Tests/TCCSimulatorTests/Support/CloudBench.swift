import Foundation
import Testing

@testable import TCCSimulator

/// A cloud without a socket, with a clock that tests advance.
struct CloudBench {
    static let start = Date(timeIntervalSince1970: 1_795_435_200)  // Monday 2026-11-23 12:00:00 UTC
    static let application = Data(
        "4a231089-d2b6-41bd-a5eb-16a0a422b999:1a15cdb8-42de-407b-add0-059f92c530cb".utf8
    ).base64EncodedString()

    var cloud: SimulatedCloud
    var now = start
    var accessToken = ""

    init(
        _ home: HomeDocuments = .house,
        at start: Date = Self.start,
        password: String = "password",
        loginLimit: LoginLimit = .vendor,
        tokenLifetime: Duration = .seconds(100_000_000),
        taskDuration: ClosedRange<TimeInterval> = 4...4
    ) {
        now = start
        cloud = SimulatedCloud(
            installation: Installation(homes: [home], copies: 1, now: start),
            settings: .init(
                username: "user@example.com",
                password: password,
                taskDuration: taskDuration,
                visibilityDelay: 2...2
            ),
            tokens: TokenIssuer(lifetime: tokenLifetime, refreshLifetime: .seconds(172_800)),
            loginLimit: loginLimit,
            seed: 1
        )
        accessToken = cloud.tokens.issue(at: start).access
    }

    mutating func send(_ request: CloudRequest) -> CloudResponse {
        cloud.respond(to: request, at: Moment(wall: now, home: now))
    }

    mutating func call(_ method: String, _ path: String, _ body: String = "") -> CloudResponse {
        let parts = path.split(separator: "?", maxSplits: 1)
        return send(
            CloudRequest(
                method: method,
                path: "/WebAPI/emea/api/v1/\(parts.first ?? "")",
                query: parts.count > 1 ? FormEncoding.fields(parts[1]) : [],
                headers: ["authorization": "bearer \(accessToken)"],
                body: Array(body.utf8)
            )
        )
    }

    mutating func get(_ path: String) -> JSON {
        call("GET", path).json
    }

    /// - Returns: The id of the communication task; `nil` if the request was refused.
    mutating func put(_ path: String, _ body: String) -> String? {
        let response = call("PUT", path, body)
        return response.status == 201 ? response.json["id"]?.string : nil
    }

    mutating func token(_ form: String, authorization: String? = nil) -> CloudResponse {
        send(
            CloudRequest(
                method: "POST",
                path: "/Auth/OAuth/Token",
                headers: ["authorization": authorization ?? "Basic \(Self.application)"],
                body: Array(form.utf8)
            )
        )
    }

    mutating func login(password: String = "password") -> CloudResponse {
        token("grant_type=password&scope=EMEA-V1-Basic&Username=user%40example.com&Password=\(password)")
    }

    mutating func pass(_ seconds: TimeInterval) { now.addTimeInterval(seconds) }

    /// The status of the first control system.
    mutating func system() -> JSON? {
        let id = cloud.installation.locationIDs.first ?? ""
        let status = get("location/\(id)/status?includeTemperatureControlSystems=True")
        return status["gateways"]?.array?.first?["temperatureControlSystems"]?.array?.first
    }

    mutating func zone(_ index: Int = 0) -> JSON? { system()?["zones"]?.array?[index] }
    mutating func hotWater() -> JSON? { system()?["dhw"] }
}

extension CloudResponse {
    var json: JSON { (try? JSON(parsing: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension JSON: CustomTestStringConvertible {
    public var testDescription: String { String(decoding: text, as: UTF8.self) }
}
