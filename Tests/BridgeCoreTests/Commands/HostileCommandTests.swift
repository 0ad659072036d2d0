import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Hostile commands")
struct HostileCommandTests {
    private let parser: CommandParser
    private static let kitchen = "evohome/mill_house/zone/kitchen"

    init() throws {
        parser = CommandParser(layout: try MillHouse.layout())
    }

    private func rejection(_ topic: String, _ payload: [UInt8], isRetained: Bool = false) throws
        -> CommandParser.Rejection
    {
        let message = IncomingMessage(topic: topic, payload: payload, isRetained: isRetained)
        return try #require(
            throws: CommandParser.Rejection.self,
            "\(String(decoding: payload.prefix(80), as: UTF8.self))"
        ) {
            try parser.parse(message)
        }
    }

    private static let objects: [(payload: String, code: Refusal.Code)] = [
        ("", .malformed), (" \n\t", .malformed), ("{", .malformed), (#"{"setpoint":21.5"#, .malformed),
        ("{}", .incomplete), ("null", .malformed), ("true", .malformed), ("21.5", .malformed), (#""21""#, .malformed),
        ("[]", .malformed), (#"[{"setpoint":21.5}]"#, .malformed), ("NaN", .malformed), ("hello", .malformed),
        (#"{"setpoint":NaN}"#, .malformed), (#"{"setpoint":Infinity}"#, .malformed),
        (#"{"setpoint":-Infinity}"#, .malformed), (#"{"setpoint":1e309}"#, .malformed),
        (#"{"setpoint":-1e309}"#, .malformed), (#"{"setpoint":21,5}"#, .malformed),
        (#"{"setpoint":"21,5"}"#, .malformed), (#"{"setpoint":true}"#, .malformed),
        (#"{"setpoint":null}"#, .malformed), (#"{"setpoint":[21]}"#, .malformed),
        (#"{"setpoint":{"a":1}}"#, .malformed),
        (#"{"setpoint":0x15}"#, .malformed), (#"{"setpoint":021}"#, .malformed), (#"{"setpoint":+21}"#, .malformed),
        (#"{"setpoint":21.5}{"setpoint":5}"#, .malformed), (#"{"setpoint":21.5,"setpoint":5}"#, .malformed),
        (#"{"setpoint":21.5,"\u0073etpoint":5}"#, .malformed), (#"{"setPoint":21.5}"#, .unknownKey),
        (#"{"setpoint":21.5,"colour":"red"}"#, .unknownKey), (#"{"setpoint":21.5,"":1}"#, .unknownKey),
        (#"{"mode":null}"#, .malformed), (#"{"mode":1}"#, .malformed), (#"{"mode":["auto"]}"#, .malformed),
        (#"{"mode":""}"#, .malformed), (#"{"mode":"off"}"#, .malformed), (#"{"mode":"vacation_hold"}"#, .malformed),
        (#"{"mode":"follow_schedule\u0000"}"#, .malformed), (#"{"id":1}"#, .incomplete),
        (#"{"mode":"follow_schedule","setpoint":21}"#, .incomplete),
        (#"{"mode":"follow_schedule","duration":"1h"}"#, .incomplete),
        (#"{"mode":"permanent_override","setpoint":21,"until":"18:00"}"#, .incomplete),
        (#"{"mode":"temporary_override","setpoint":21,"until":"forever"}"#, .incomplete),
        (#"{"until":"18:00"}"#, .incomplete), (#"{"duration":90}"#, .incomplete),
        (#"{"setpoint":21.5,"until":"18:00","duration":90}"#, .incomplete),
        (#"{"setpoint":21.5,"until":null}"#, .malformed), (#"{"setpoint":21.5,"until":18}"#, .malformed),
        (#"{"setpoint":21.5,"until":""}"#, .malformed), (#"{"setpoint":21.5,"until":"24:00"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"18:60"}"#, .malformed), (#"{"setpoint":21.5,"until":"18"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"tomorrow"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"2026-02-30T18:00:00Z"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"2026-13-01T18:00:00Z"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"2026-11-24T25:00:00Z"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"2025-02-29T18:00:00Z"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"2026-11-24T18"}"#, .malformed),
        (#"{"setpoint":21.5,"until":"99999-01-01T00:00:00Z"}"#, .malformed),
        (#"{"setpoint":21.5,"duration":0}"#, .malformed), (#"{"setpoint":21.5,"duration":-5}"#, .malformed),
        (#"{"setpoint":21.5,"duration":1.5}"#, .malformed), (#"{"setpoint":21.5,"duration":1e300}"#, .malformed),
        (#"{"setpoint":21.5,"duration":9223372036854775807}"#, .malformed),
        (#"{"setpoint":21.5,"duration":true}"#, .malformed),
        (#"{"setpoint":21.5,"duration":"P1M"}"#, .malformed), (#"{"setpoint":21.5,"duration":"1h 30m"}"#, .malformed),
        (#"{"setpoint":21.5,"duration":"99999999999999999999h"}"#, .malformed),
        (#"{"setpoint":21.5,"duration":""}"#, .malformed),
    ]

    @Test("A bad object is refused with a reason", arguments: objects)
    func object(payload: String, code: Refusal.Code) throws {
        let rejection = try rejection("\(Self.kitchen)/set", Array(payload.utf8))
        #expect(rejection.refusal.code == code, "\(rejection.refusal.message)")
        Self.expectSentence(rejection.refusal.message)
    }

    @Test(
        "Other targets refuse the same objects",
        arguments: ["hot_water", "system", "hot_water/schedule"]
    )
    func elsewhere(subject: String) throws {
        var site = try MillHouse.site()
        site.system.allowedModes = MillHouse.modes
        for (payload, _) in Self.objects {
            let message = IncomingMessage(topic: "evohome/mill_house/\(subject)/set", payload: Array(payload.utf8))
            do {
                let command = try parser.parse(message)
                #expect(throws: Refusal.self, "\(payload)") { try command.action.check(command.target, in: site) }
            } catch let rejection as CommandParser.Rejection {
                Self.expectSentence(rejection.refusal.message)
            }
        }
    }

    private static let plain: [(attribute: String, payload: String, code: Refusal.Code)] = [
        ("setpoint", "", .malformed), ("setpoint", "  ", .malformed), ("setpoint", "nan", .malformed),
        ("setpoint", "inf", .malformed), ("setpoint", "-infinity", .malformed), ("setpoint", "21,5", .malformed),
        ("setpoint", "\"21,5\"", .malformed), ("setpoint", "true", .malformed), ("setpoint", "[21]", .malformed),
        ("setpoint", "{\"setpoint\":21}", .malformed), ("setpoint", "0x15", .malformed),
        ("setpoint", "1e309", .malformed),
        ("setpoint", "21.5 °C", .malformed), ("setpoint", "null", .malformed), ("setpoint", "21\u{0}", .malformed),
        ("adjust", "", .malformed), ("adjust", "warmer", .malformed), ("adjust", "+-1", .malformed),
        ("adjust", "++1", .malformed), ("adjust", "+", .malformed), ("adjust", "0,5", .malformed),
        ("adjust", "1e309", .malformed), ("adjust", "+0.5 °C", .malformed), ("adjust", "true", .malformed),
        ("setpoint", "٢١", .malformed), ("mode", "", .malformed), ("mode", "off", .malformed),
        ("mode", "21", .malformed),
        ("mode", "follow_schedule\u{0}", .malformed), ("temperature", "21", .unknownKey), ("set", "21", .unknownKey),
        ("+", "21", .unknownKey), ("", "21", .unknownKey),
    ]

    @Test("A bad plain value is refused with a reason", arguments: plain)
    func plainValue(attribute: String, payload: String, code: Refusal.Code) throws {
        let topic = attribute == "set" ? "\(Self.kitchen)/set/x" : "\(Self.kitchen)/set/\(attribute)"
        let rejection = try rejection(topic, Array(payload.utf8))
        #expect(rejection.refusal.code == code, "\(rejection.refusal.message)")
        Self.expectSentence(rejection.refusal.message)
    }

    /// The code for an object; a plain value is malformed, or too large.
    private static let bytes: [(payload: [UInt8], code: Refusal.Code)] = [
        ([0xff, 0xfe], .malformed), ([0xc0, 0x80], .malformed), ([0x00], .malformed),
        (Array("{\"setpoint\":2".utf8) + [0xed, 0xa0, 0x80], .malformed),
        (Array(String(repeating: "[", count: 10_000).utf8), .malformed),
        (Array(String(repeating: "{\"a\":", count: 10_000).utf8), .malformed),
        (Array("{\"\(String(repeating: "k", count: 60_000))\":1}".utf8), .unknownKey),
        (Array("{\"a\(String(repeating: "\u{301}", count: 30_000))\":1}".utf8), .unknownKey),
        ([UInt8](repeating: 0x20, count: 64 << 10), .malformed),
        ([UInt8](repeating: 0x31, count: (64 << 10) + 1), .tooLarge),
        ([UInt8](repeating: 0x7b, count: 10 << 20), .tooLarge),
    ]

    @Test("Any bytes are refused with a reason that fits on a line", arguments: bytes)
    func binary(payload: [UInt8], code: Refusal.Code) throws {
        for suffix in ["set", "set/setpoint", "set/mode"] {
            let rejection = try rejection("\(Self.kitchen)/\(suffix)", payload)
            let expected = suffix == "set" || code == .tooLarge ? code : .malformed
            #expect(rejection.refusal.code == expected, "\(rejection.refusal.message)")
            Self.expectSentence(rejection.refusal.message)
        }
    }

    @Test("A command of exactly 64 KiB is read")
    func largest() throws {
        let command = #"{"mode":"follow_schedule","id":""#
        let payload =
            command + String(repeating: "x", count: IncomingMessage.maximumPayload - command.utf8.count - 2) + "\"}"
        let message = IncomingMessage(topic: "\(Self.kitchen)/set", payload: Array(payload.utf8))
        #expect(message.payload.count == 65536)
        #expect(try parser.parse(message).action == .zone(.followSchedule))
    }

    private static let topics: [(topic: String, code: Refusal.Code)] = [
        ("evohome/mill_house/zone/cellar/set", .unknownTarget), ("evohome/+/zone/+/set", .unknownTarget),
        ("evohome/#/set", .unknownTarget), ("evohome/mill_house/zone/set", .unknownTarget), ("set", .unknownTarget),
        ("/set", .unknownTarget), ("evohome/mill_house/zone//set", .unknownTarget),
        ("evohome/mill_house/zone/kitchen/x/set", .unknownTarget), ("evohome/mill_house/zone/7013/set", .unknownTarget),
        ("evohome/MILL_HOUSE/zone/kitchen/set", .unknownTarget), ("evohome/bridge/set", .unknownTarget),
        ("evohome/\u{202e}\u{7}\n/set", .unknownTarget),
    ]

    @Test("An unknown topic is refused with a reason", arguments: topics)
    func unknownTarget(topic: String, code: Refusal.Code) throws {
        let rejection = try rejection(topic, Array(#"{"setpoint":21.5,"id":3}"#.utf8))
        #expect(rejection.refusal.code == code)
        #expect(rejection.sender.requestID == .integer(3))
        Self.expectSentence(rejection.refusal.message)
    }

    @Test(
        "A retained command is refused for that alone, whatever it says, and keeps its id",
        arguments: [
            (#"{"setpoint":21.5}"#, .null), (#"{"setpoint":21.5,"id":3}"#, .integer(3)),
            (#"{"transaction":"t"}"#, "t"), ("", .null), ("{", .null),
        ] as [(String, JSONValue)]
    )
    func retained(payload: String, id: JSONValue) throws {
        let rejection = try rejection("\(Self.kitchen)/set", Array(payload.utf8), isRetained: true)
        #expect(rejection.refusal.code == .retained)
        #expect(rejection.sender.requestID == id)
    }

    @Test("No random message is accepted by mistake", arguments: 0..<50)
    func fuzz(seed: Int) throws {
        var randomness = SeededGenerator(seed: seed)
        let pieces = [
            "{", "}", "\"setpoint\"", "\"mode\"", "\"until\"", "\"duration\"", ":", ",", "21.5", "1e308", "null",
            "\"next\"",
            "\"18:00\"", "\"90m\"", "\"follow_schedule\"", "[", "]", "-", "\u{0}", " ", "\"id\"",
        ]
        for _ in 0..<400 {
            var text = "{"
            for _ in 0..<Int.random(in: 0...11, using: &randomness) {
                text += pieces.randomElement(using: &randomness) ?? ""
            }
            let message = IncomingMessage(topic: "\(Self.kitchen)/set", payload: Array(text.utf8))
            do {
                let requested = try parser.parse(message).sender.requested
                // Whatever is accepted is JSON that names what it sets.
                #expect((requested["setpoint"] ?? requested["mode"]) != nil, "\(text)")
            } catch let rejection as CommandParser.Rejection {
                Self.expectSentence(rejection.refusal.message)
            }
        }
    }

    /// It goes into logs and onto topics: one line, of bounded length, nothing in it that a terminal would act on.
    private static func expectSentence(_ message: String) {
        #expect(message.utf8.count < 700 && message.hasSuffix("."), "\(message.prefix(300))")
        #expect(!message.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{202e}" })
    }
}
