import Basics
import BridgeCore
import Foundation
import HeatingModel
import SystemPackage

@testable import StateFile
@testable import TCCClient
@testable import evohome_mqtt

/// A reader of foreign bytes. Whatever they are, it must return, soon, and what it makes of them must hold.
struct FuzzTarget: Sendable {
    let name: String
    /// What the fuzzer begins with: ours, and small.
    let seeds: [[UInt8]]
    let read: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ seeds: [String], _ read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.seeds = seeds.map { Array($0.utf8) }
        self.read = read
    }

    static let all = [
        command, request, answer, tokens, state, backup, configuration, foreignTokens, http,
    ]

    /// Stops the fuzzer with the input that led here.
    static func require(_ holds: Bool, _ what: @autoclosure () -> String) {
        if !holds { preconditionFailure(what()) }
    }

    /// The digit 0 is the first of them, so that seeds can be read.
    private static func choice(_ byte: UInt8, of count: Int) -> Int {
        Int(byte &- UInt8(ascii: "0")) % count
    }

    private static let now = Instant(millisecondsSince1970: 1_795_500_000_000)
    private static let house = House()
}

// MARK: - From the broker

extension FuzzTarget {
    /// The first byte chooses the topic.
    private static let command = FuzzTarget(
        "command",
        [
            #"0{"setpoint":21.5,"until":"18:00"}"#, #"0{"adjust":-1.5,"duration":"PT1H30M"}"#,
            #"0{"setpoint":"21.5","until":"2026-11-28 22:00:00","id":"a"}"#, "121.5", "2follow_schedule",
            #"3{"state":"on","duration":{"hours":1,"minutes":30}}"#, "4auto",
            #"5{"mode":"away","duration":"3d"}"#,
            "6heating_off", #"7{"monday":[{"time":"07:00","setpoint":18.1}],"sunday":[]}"#,
            #"8{"monday":[{"time":"07:00","state":"on"}]}"#, #"9{"setpoint":20,"zones":["kitchen"]}"#,
            #"7{"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[{"heatSetpoint":18,"timeOfDay":"07:00:00"}]}]}"#,
        ]
    ) { bytes in
        guard let first = bytes.first else { return }
        let topic = house.commandTopics[choice(first, of: house.commandTopics.count)]
        let message = IncomingMessage(topic: topic, payload: Array(bytes.dropFirst()))
        guard let commandTopic = CommandTopic(topic) else { return }
        let uptime = Uptime(sinceStart: .seconds(1000))
        let parser = CommandParser(layout: house.layout)
        do throws(CommandParser.Rejection) {
            let commands =
                topic.hasSuffix("/zones/set")
                ? try parser.parse(message, on: commandTopic, forZonesOf: house.site, firstID: 1, received: uptime)
                : [try parser.parse(message, on: commandTopic, id: 1, received: uptime)]
            for command in commands { isDecided(command) }
        } catch {
            isWritten(.rejected(error.refusal), to: error.sender)
        }
    }

    private static func isDecided(_ command: Command) {
        let (target, site) = (command.target, house.site)
        let action = command.action.counted(from: nil, isSuperseded: false, for: target, in: site, at: now)
        do throws(Refusal) {
            switch try action.decision(for: target, in: site, received: now, now: now + .seconds(1)) {
            case .send(let call), .nothingToDo(let call): isWritten(.succeeded(call), to: command.sender)
            case .needsSchedule: break
            }
        } catch {
            isWritten(.rejected(error), to: command.sender)
        }
    }

    /// An outcome must be JSON that says what was asked.
    private static func isWritten(_ outcome: Outcome, to sender: Command.Sender) {
        let json = outcome.json(for: sender, at: now)
        let parsed = try? JSONValue(parsing: Array(json.text.utf8))
        require(
            parsed?["outcome"] == .string(outcome.kind.rawValue),
            "An outcome cannot be read: \(json.text)"
        )
    }

    private static let request = FuzzTarget(
        "request",
        [
            #"0{"transaction":1}"#, #"2{"schedules":{"version":1,"schedules":[]}}"#,
            #"3{"value":"180s"}"#,
            #"4{"value":"debug"}"#, "5",
        ]
    ) { bytes in
        guard let first = bytes.first else { return }
        let name = BridgeRequest.names[choice(first, of: BridgeRequest.names.count)]
        let message = IncomingMessage(
            topic: "evohome/bridge/request/\(name)",
            payload: Array(bytes.dropFirst())
        )
        guard let requested = try? message.optionalObject() else { return }
        _ = try? BridgeRequest(name: name, requested)
        let response = BridgeResponse(.error("No."), transaction: requested["transaction"] ?? .null)
        require(
            (try? JSONValue(parsing: Array(response.json.text.utf8))) != nil,
            "A response cannot be read"
        )
    }

    private static let backup = FuzzTarget(
        "backup",
        [
            #"{"version":1,"schedules":[{"id":"4","name":"Kitchen","schedule":{"monday":[{"time":"07:00","setpoint":18}]}}]}"#,
            #"[{"zone_id":"4","name":"Kitchen","daily_schedules":[{"day_of_week":0,"switchpoints":[{"heat_setpoint":18,"time_of_day":"07:00"}]}]}]"#,
            #"{"4":{"name":"Kitchen","schedule":{"DailySchedules":[{"DayOfWeek":0,"Switchpoints":[{"HeatSetpoint":18,"TimeOfDay":"07:00:00"}]}]}}}"#,
        ]
    ) { bytes in
        _ = try? ScheduleBackup(parsing: bytes)
    }
}

// MARK: - From the cloud

extension FuzzTarget {
    /// The first byte chooses the call that is answered.
    private static let answer = FuzzTarget(
        "answer",
        [
            "0" + House.installation, "1" + House.status, "2" + House.schedule,
            #"3{"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[{"dhwState":"On","timeOfDay":"07:00:00"}]}]}"#,
            #"4[{"id":"840000001"}]"#, #"5{"commtaskId":"840000001","state":"Succeeded"}"#,
            #"6[{"locationID":1,"devices":[{"deviceID":4,"thermostat":{"units":"Celsius","indoorTemperature":20.37}}]}]"#,
            #"7{"sessionId":"S","userInfo":{"userID":1}}"#, #"8[{"code":"TooMany","message":"No."}]"#,
        ]
    ) { bytes in
        guard let first = bytes.first else { return }
        let answer = HTTPAnswer(status: 200, body: bytes.dropFirst())
        switch choice(first, of: 9) {
        case 0:
            guard
                let list = answer.decoded(as: [WireLocation].self, noting: SurpriseNotes(root: "a"))
            else {
                return
            }
            house.canShow(
                Installation(accountID: "1", locations: list.map(Location.init)),
                status: nil
            )
        case 1:
            guard
                let status = answer.decoded(as: WireLocationStatus.self, noting: SurpriseNotes(root: "b"))
            else {
                return
            }
            house.canShow(house.known, status: LocationStatus(status, in: house.site.location.timeZone))
        case 2:
            guard let schedule = answer.decoded(as: WireSchedule<WireZoneSwitchpoint>.self) else {
                return
            }
            house.canShow(schedule.schedule)
        case 3: _ = answer.decoded(as: WireSchedule<WireHotWaterSwitchpoint>.self)?.schedule
        case 4: _ = answer.decoded(as: WireOneOrList<WireTaskReference>.self)?.first
        case 5: _ = answer.decoded(as: WireOneOrList<WireCommunicationTask>.self)?.first
        case 6:
            _ = answer.decoded(as: [WireV1Location].self).map {
                [SensorID: Temperature]($0)
            }
        case 7: _ = SessionAnswer(answer, at: now)
        default:
            for status in [400, 401, 404, 429, 500] {
                _ = CloudFailure(HTTPAnswer(status: status, body: bytes.dropFirst()), at: now)
            }
        }
    }

    /// The first byte chooses the status.
    private static let tokens = FuzzTarget(
        "tokens",
        [
            #"0{"access_token":"a","refresh_token":"b","expires_in":1799,"token_type":"bearer"}"#,
            #"1{"error":"invalid_grant"}"#, #"2{"error":"attempt_limit_exceeded"}"#, "3<html>",
            #"0"text""#,
        ]
    ) { bytes in
        guard let first = bytes.first else { return }
        let statuses = [200, 400, 401, 403, 429, 500, 503]
        let status = statuses[choice(first, of: statuses.count)]
        if case .granted(let grant) = TokenAnswer(HTTPAnswer(status: status, body: bytes.dropFirst())) {
            require(grant.lifetime > .zero && grant.lifetime <= .seconds(86_400), "A token has no life")
        }
    }
}

// MARK: - From files

extension FuzzTarget {
    private static let state = FuzzTarget(
        "state",
        [House.stateFile, #"{"version":1}"#, #"{"version":99}"#]
    ) { bytes in
        guard case .document(let document) = DecodedDocument<BridgeDocument>(bytes) else { return }
        // What was read can be written, and read again as the same.
        guard let written = try? document.encoded(),
            case .document(let again) = DecodedDocument<BridgeDocument>(written)
        else { return require(false, "A state file that was read cannot be written") }
        require(again == document, "A state file changes when it is written")
    }

    private static let configuration = FuzzTarget(
        "configuration",
        [
            "account:\n  username: a\n  password: b\nmqtt: {url: \"mqtt://a:b@[::1%25eth0]:1883\"}\n",
            "cloud:\n  poll_interval: PT3M\n  locations: [Home, 'two']\n  high_precision: on\n",
            "log: &a {level: debug}\nhttp: {listen: 127.0.0.1:8080}\n", "\u{FEFF}mqtt: !secret x\n",
            "a: *a\n",
            #"{"account":{"password_file":"~/x"},"commands":{"expiry":"10m","per_minute":30}}"#,
        ]
    ) { bytes in
        let files = FileAccess(
            contents: { $0 == "c.yaml" ? .success(bytes) : .failure(.missing) },
            isWritableFolder: { _ in true }
        )
        do throws(SettingsError) {
            let loaded = try Settings.load(
                configurationFile: "c.yaml",
                environment: ["HOME": "/h"],
                files: files
            )
            _ = "\(loaded.effective)"
        } catch {
            require(!error.problems.isEmpty, "A configuration is refused without a reason")
        }
    }

    /// Other programs' tokens, which `tokens import` takes.
    private static let foreignTokens = FuzzTarget(
        "foreign-tokens",
        [
            #"{"refresh_token":"a","access_token":"b","access_token_expires":"2026-11-28T10:00:00"}"#,
            #"{"a@b":{"access_token":{"refresh_token":"a","access_token":"b","access_token_expires":1e9}}}"#,
            #"{"data":{"username":"a","refresh_token":"b"}}"#,
        ]
    ) { bytes in
        _ = try? ForeignTokens.all(in: Data(bytes), zone: house.site.location.timeZone)
    }
}
