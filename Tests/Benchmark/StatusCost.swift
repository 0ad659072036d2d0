import Basics
import BridgeCore
import Foundation
import HTTPTypes
import HeatingModel
import Logging
import Observability
import Synchronization
import TCCClient
import TestSupport

/// What it costs to make messages of a status, from the bytes that the cloud answers to the last topic; no network.
enum StatusCost {
    private static let rounds = 200

    static func rows() async throws -> [Row] {
        var rows: [Row] = []
        for zones in [12, 120, 1000] {
            let cost = try await cost(of: zones)
            rows.append(Row(name: "status of \(zones) zones to messages", value: String(format: "%.0f µs", cost)))
        }
        return rows
    }

    /// - Returns: In µs.
    private static func cost(of zones: Int) async throws -> Double {
        let installation = Array(installation(of: zones).utf8)
        // The same bytes twice in a row are not decoded twice.
        let statuses = [19.5, 20.0].map { Array(status(of: zones, temperature: $0).utf8) }
        let turns = Mutex(0)
        let transport = ScriptedTransport { (exchange, _) throws(TransportFailure) in
            let path = exchange.request.path ?? ""
            if path.contains("Token") {
                let token = #"{"access_token":"a","refresh_token":"r","expires_in":1799,"token_type":"bearer"}"#
                return HTTPAnswer(status: 200, body: Array(token.utf8))
            }
            guard !path.contains("installationInfo") else { return HTTPAnswer(status: 200, body: installation) }
            let turn = turns.withLock { turns in
                turns += 1
                return turns % 2
            }
            return HTTPAnswer(status: 200, body: statuses[turn])
        }
        let client = client(over: transport)
        let home = try await client.installation(of: "1")
        let layout = TopicLayout(base: "evohome", naming: .name, installation: home)
        let (location, now) = (home.locations[0], SystemClock().now)
        let began = ContinuousClock.now
        var count = 0
        for _ in 0..<rounds {
            let status = try await client.status(of: location)
            let site = Site(location: location, system: location.systems[0], status: status.systems[0], isFresh: true)
            count += site.messages(in: layout, output: .both, at: now).count
        }
        guard count > rounds * zones else { throw BenchmarkError(description: "There were too few messages.") }
        return (ContinuousClock.now - began).milliseconds * 1000 / Double(rounds)
    }

    private static func client(over transport: any HTTPTransport) -> TCCClient {
        let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let cloud = CloudAddress(scheme: "http", authority: "localhost")
        let tokens = TokenProvider(
            endpoint: TokenEndpoint(cloud: cloud, transport: transport),
            store: ForgetfulStore(),
            credentials: Credentials(username: "user@example.com", password: Secret("password")),
            clock: SystemClock(),
            logger: logger
        )
        return TCCClient(cloud: cloud, transport: transport, tokens: tokens, clock: SystemClock(), logger: logger)
    }

    private static func installation(of zones: Int) -> String {
        let all = (0..<zones).map { number in
            """
            {"zoneId":"\(100 + number)","modelType":"HeatingZone","name":"Room \(number)","zoneType":"RadiatorZone",\
            "setpointCapabilities":{"maxHeatSetpoint":35.0,"minHeatSetpoint":5.0,"valueResolution":0.5,\
            "allowedSetpointModes":["PermanentOverride","FollowSchedule","TemporaryOverride"],\
            "maxDuration":"1.00:00:00","timingResolution":"00:10:00"}}
            """
        }
        return """
            [{"locationInfo":{"locationId":"1","name":"House","timeZone":{"timeZoneId":"GMTStandardTime",\
            "currentOffsetMinutes":0}},"gateways":[{"gatewayInfo":{"gatewayId":"2"},"temperatureControlSystems":[\
            {"systemId":"3","modelType":"EvoTouch","allowedSystemModes":[],"zones":[\(all.joined(separator: ","))]}]}]}]
            """
    }

    private static func status(of zones: Int, temperature: Double) -> String {
        let all = (0..<zones).map { number in
            """
            {"zoneId":"\(100 + number)","name":"Room \(number)","temperatureStatus":{\
            "temperature":\(temperature),\
            "isAvailable":true},"setpointStatus":{"targetHeatTemperature":18.0,"setpointMode":"FollowSchedule"},\
            "activeFaults":[]}
            """
        }
        return """
            {"locationId":"1","gateways":[{"gatewayId":"2","activeFaults":[],"temperatureControlSystems":[\
            {"systemId":"3","systemModeStatus":{"mode":"Auto","isPermanent":true},"activeFaults":[],\
            "zones":[\(all.joined(separator: ","))]}]}]}
            """
    }
}
