import Foundation
import SimulatorTestSupport
import Testing

@testable import TCCSimulator

@Suite("Several accounts", .timeLimit(.minutes(1)))
struct AccountTests {
    private let accounts: SimulatedAccounts
    private let start = CloudBench.start

    init() throws {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 3
        configuration.loginLimit = LoginLimit(attempts: 2, window: .seconds(3_600))
        accounts = try SimulatedAccounts(configuration, now: start)
    }

    @Test("Each has its own homes, with ids that no other has")
    func ids() {
        let installations = accounts.installations
        #expect(Set(installations.map(\.userID)).count == 3)
        let ids = installations.flatMap(\.identifiers)
        #expect(Set(ids).count == ids.count)
        #expect(installations.map { $0.locations.values.map(\.name) } == [["Home"], ["Home"], ["Home"]])
    }

    @Test("A token, a refreshed one and a session belong to the account that logged in")
    func logins() throws {
        var accounts = accounts
        for (number, username) in ["user@example.com", "USER2@example.com", "user3@example.com"].enumerated() {
            let user = accounts.installations[number].userID
            let login = accounts.login(username)
            #expect(accounts.user(login.json["access_token"]) == user)
            let refresh = try #require(login.json["refresh_token"]?.string)
            let refreshed = accounts.token("grant_type=refresh_token&refresh_token=\(refresh)")
            #expect(accounts.user(refreshed.json["access_token"]) == user)
            let session = accounts.session(username)
            #expect(session.json["userInfo"]?["userID"]?.identifier == user)
            #expect(accounts.locations(session.json["sessionId"], user: user).status == 200)
        }
    }

    @Test("Nobody reads the home of another account")
    func privacy() throws {
        var accounts = accounts
        let token = accounts.login("user2@example.com").json["access_token"]
        let (own, foreign) = (accounts.installations[1].locationIDs[0], accounts.installations[0].locationIDs[0])
        #expect(accounts.get("location/\(own)/status", token).status == 200)
        #expect(accounts.get("location/\(foreign)/status", token).status == 401)
    }

    @Test("Each has its own limit of logins, and what is nobody's is refused")
    func limits() {
        var accounts = accounts
        #expect((0..<3).map { _ in accounts.login("user2@example.com").status } == [200, 200, 429])
        #expect(accounts.login("user3@example.com").status == 200)
        #expect(accounts.login("user4@example.com").status == 400)
        #expect(accounts.get("userAccount", "unknown").status == 401)
    }

    @Test("The control port changes a device of any account")
    func devices() async throws {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 2
        try await TCCSimulator.withRunning(configuration) { simulator in
            #expect(simulator.zoneIDs.count == 12)
            for id in simulator.zoneIDs { try simulator.setTemperature(25, of: .zone(id)) }
            #expect(simulator.installations.allSatisfy { $0.zones.values.allSatisfy { $0.temperature == 25 } })
            #expect(throws: SimulatorError.unknownDevice("zone 1")) { try simulator.setTemperature(25, of: .zone("1")) }
        }
    }

    @Test("There is at least one account")
    func none() {
        var configuration = SimulatorConfiguration()
        configuration.accounts = 0
        #expect(throws: SimulatorError.self) { try TCCSimulator(configuration: configuration) }
    }
}

extension SimulatedAccounts {
    fileprivate mutating func send(
        _ method: String,
        _ path: String,
        query: [(name: String, value: String)] = [],
        _ headers: [String: String],
        _ body: String = ""
    ) -> CloudResponse {
        respond(
            to: CloudRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8)),
            at: Moment(wall: CloudBench.start, home: CloudBench.start)
        )
    }

    fileprivate mutating func token(_ form: String) -> CloudResponse {
        send("POST", "/Auth/OAuth/Token", ["authorization": "Basic \(CloudBench.application)"], form)
    }

    fileprivate mutating func login(_ username: String) -> CloudResponse {
        token("grant_type=password&Username=\(username.replacing("@", with: "%40"))&Password=password")
    }

    fileprivate mutating func get(_ path: String, _ token: JSON?) -> CloudResponse {
        send("GET", "/WebAPI/emea/api/v1/\(path)", ["authorization": "bearer \(token?.string ?? "")"])
    }

    fileprivate mutating func user(_ token: JSON?) -> String? {
        get("userAccount", token).json["userId"]?.identifier
    }

    fileprivate mutating func session(_ username: String) -> CloudResponse {
        let body = #"{"username":"\#(username)","password":"password","applicationId":"1"}"#
        return send("POST", "/WebAPI/api/session", [:], body)
    }

    fileprivate mutating func locations(_ session: JSON?, user: String) -> CloudResponse {
        send(
            "GET",
            "/WebAPI/api/locations",
            query: [("userId", user)],
            ["sessionid": session?.string ?? ""]
        )
    }
}
