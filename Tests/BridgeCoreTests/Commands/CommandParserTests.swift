import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("Reading commands")
struct CommandParserTests {
    private let parser: CommandParser
    private static let kitchen = "evohome/mill_house/zone/kitchen"

    init() throws {
        parser = CommandParser(layout: try MillHouse.layout())
    }

    private func action(_ payload: String, at suffix: String) throws -> CommandAction {
        let command = try parser.parse(payload, on: "\(Self.kitchen)/\(suffix)")
        #expect(command.target == MillHouse.kitchenTarget)
        return command.action
    }

    private static let objects: [(payload: String, command: ZoneCommand)] = [
        (#"{"setpoint":21.5}"#, .hold(21.5, .asRunning)),
        (#" { "setpoint" : 21 } "#, .hold(21, .asRunning)),
        (#"{"setpoint":2.15e1}"#, .hold(21.5, .asRunning)),
        (
            #"{"setpoint":21.5,"until":"18:00"}"#,
            .hold(21.5, .atLocalTime(TimeOfDay(hour: 18, minute: 0) ?? .midnight))
        ),
        (#"{"setpoint":21.5,"until":"next"}"#, .hold(21.5, .nextSwitchpoint)),
        (#"{"setpoint":21.5,"until":"NEXT"}"#, .hold(21.5, .nextSwitchpoint)),
        (#"{"setpoint":21.5,"until":"forever"}"#, .hold(21.5, .never)),
        (#"{"setpoint":21.5,"until":"Forever"}"#, .hold(21.5, .never)),
        (#"{"setpoint":21.5,"duration":"90m"}"#, .hold(21.5, .after(.seconds(5400)))),
        (#"{"setpoint":21.5,"duration":"PT1H30M"}"#, .hold(21.5, .after(.seconds(5400)))),
        (#"{"setpoint":21.5,"duration":"pt1h30m"}"#, .hold(21.5, .after(.seconds(5400)))),
        (#"{"setpoint":21.5,"duration":90}"#, .hold(21.5, .after(.seconds(5400)))),
        (#"{"setpoint":21.5,"duration":90.0}"#, .hold(21.5, .after(.seconds(5400)))),
        (#"{"setpoint":21.5,"duration":"90"}"#, .hold(21.5, .after(.seconds(5400)))),
        (#"{"mode":"follow_schedule"}"#, .followSchedule),
        (#"{"mode":"FollowSchedule"}"#, .followSchedule),
        (#"{"mode":"FOLLOW_SCHEDULE","id":7}"#, .followSchedule),
        (#"{"mode":"permanent_override"}"#, .hold(nil, .never)),
        (#"{"mode":"temporary_override"}"#, .hold(nil, .nextSwitchpoint)),
        (#"{"mode":"temporary_override","duration":"1h"}"#, .hold(nil, .after(.seconds(3600)))),
        (#"{"mode":"permanent_override","setpoint":20}"#, .hold(20, .never)),
        (#"{"mode":"permanent_override","setpoint":20,"until":"forever"}"#, .hold(20, .never)),
        (#"{"mode":"temporary_override","setpoint":20}"#, .hold(20, .nextSwitchpoint)),
        (#"{"mode":"TemporaryOverride","setpoint":20,"until":"next"}"#, .hold(20, .nextSwitchpoint)),
    ]

    @Test("An object says what a zone is to do", arguments: objects)
    func object(payload: String, command: ZoneCommand) throws {
        #expect(try action(payload, at: "set") == .zone(command))
    }

    @Test("An end can be an instant in any zone", arguments: ["2026-11-24T18:00:00Z", "2026-11-24T19:00+01:00"])
    func instant(text: String) throws {
        let action = try action(#"{"setpoint":21.5,"until":"\#(text)"}"#, at: "set")
        #expect(action == .zone(.hold(21.5, .at(try moment("2026-11-24T18:00:00Z")))))
    }

    private static let plain: [(attribute: String, payload: String, command: ZoneCommand)] = [
        ("setpoint", "21.5", .hold(21.5, .asRunning)),
        ("setpoint", " 21 \n", .hold(21, .asRunning)),
        ("mode", "follow_schedule", .followSchedule),
        ("mode", "FollowSchedule", .followSchedule),
        ("mode", "PERMANENT_OVERRIDE", .hold(nil, .never)),
        ("mode", "permanentoverride", .hold(nil, .never)),
        ("mode", "Temporary-Override", .hold(nil, .nextSwitchpoint)),
    ]

    @Test("A plain value sets one attribute", arguments: plain)
    func plainValue(attribute: String, payload: String, command: ZoneCommand) throws {
        #expect(try action(payload, at: "set/\(attribute)") == .zone(command))
    }

    @Test("A message knows who wants its answer, in the words of its sender")
    func sender() throws {
        let message = IncomingMessage(
            topic: "\(Self.kitchen)/set",
            payload: Array(#"{"setpoint":21.5,"id":"a1","transaction":7}"#.utf8),
            responseTopic: "answers/me",
            correlationData: [1, 2]
        )
        let sender = try parser.parse(message).sender
        #expect(sender.resultTopic == "\(Self.kitchen)/result")
        #expect(sender.responseTopic == "answers/me")
        #expect(sender.correlationData == [1, 2])
        #expect(sender.requestID == .string("a1"))
        #expect(sender.transaction == .integer(7))
        #expect(sender.requested.text == #"{"setpoint":21.5,"id":"a1","transaction":7}"#)
    }

    @Test("A transaction is used if there is no id")
    func transaction() throws {
        let message = IncomingMessage(
            topic: "\(Self.kitchen)/set",
            payload: Array(#"{"mode":"auto","transaction":"t"}"#.utf8)
        )
        let rejection = #expect(throws: CommandParser.Rejection.self) { try parser.parse(message) }
        #expect(rejection?.sender.requestID == .string("t"))
    }

    @Test(
        "Other topics are not commands",
        arguments: ["evohome/mill_house/zone/kitchen", "set/a/b", "", "a/settings", "a/SET"]
    )
    func otherTopics(topic: String) {
        #expect(CommandTopic(topic) == nil)
    }

    private static let subjects: [(topic: String, subject: String, form: CommandTopic.Form)] = [
        ("evohome/home/zone/set/set", "evohome/home/zone/set", .object),
        ("evohome/home/zone/set/set/setpoint", "evohome/home/zone/set", .plain(attribute: "setpoint")),
        ("evohome/home/zone/\u{301}x/set", "evohome/home/zone/\u{301}x", .object),
        ("evohome/home/zone/x/set/", "evohome/home/zone/x", .plain(attribute: "")),
    ]

    @Test("A command's topic is split level by level, whatever the levels are", arguments: subjects)
    func commandTopic(topic: String, subject: String, form: CommandTopic.Form) throws {
        let read = try #require(CommandTopic(topic))
        #expect(Array(read.subject.utf8) == Array(subject.utf8))
        #expect(read.form == form)
    }
}
