import Basics
import BridgeCore
import TestBasics
import Testing

@Suite("Writing JSON")
struct JSONWritingTests {
    private static let written: [(value: JSONValue, text: String)] = [
        (JSONValue.null, "null"), (.bool(true), "true"), (.integer(-5), "-5"), (.number(21), "21.0"),
        (.number(19.47), "19.47"), (.number(.nan), "null"), (.number(.infinity), "null"), (.number(1e308), "1e+308"),
        (.string("a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}é😀"), #""a\"b\\c\n\r\t\u0000\u001f\u007fé😀""#),
        (["b": .integer(1), "a": [.null, .bool(false)]], #"{"b":1,"a":[null,false]}"#), ([:], "{}"), ([], "[]"),
    ]

    @Test("Values are written compactly, in their order", arguments: written)
    func writing(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test("A plain value is written without quotes, and null as nothing")
    func plain() {
        #expect(JSONValue.string("follow_schedule").plainText == "follow_schedule")
        #expect(JSONValue.number(21.5).plainText == "21.5")
        #expect(JSONValue.bool(true).plainText == "true")
        #expect(JSONValue.null.plainText == "")
    }

    @Test(
        "For people it is written on lines down to a depth",
        arguments: [
            (0, #"{"a":[1,{"b":[]}],"c":{}}"#), (1, "{\n  \"a\": [1,{\"b\":[]}],\n  \"c\": {}\n}"),
            (2, "{\n  \"a\": [\n    1,\n    {\"b\":[]}\n  ],\n  \"c\": {}\n}"),
        ]
    )
    func lines(depth: Int, text: String) {
        let value: JSONValue = ["a": [1, ["b": []]], "c": [:]]
        #expect(value.lines(toDepth: depth) == text)
    }

    @Test("Numbers that JSON cannot hold are null")
    func numbers() {
        #expect(JSONValue(Double.nan) == .null)
        #expect(JSONValue(-Double.infinity) == .null)
        #expect(JSONValue(Double?.none) == .null)
    }

    @Test("What is written is read again as it was", arguments: 0..<300)
    func roundTrip(seed: Int) throws {
        var randomness = SeededGenerator(seed: seed)
        let value = Self.value(depth: 0, using: &randomness)
        #expect(try JSONValue(parsing: value.text.utf8) == value)
    }

    private static func value(depth: Int, using randomness: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth < 5 ? 7 : 5), using: &randomness) {
        case 0: return .null
        case 1: return .bool(.random(using: &randomness))
        case 2: return .integer(.random(in: .min ... .max, using: &randomness))
        case 3:
            let number = Double(bitPattern: .random(in: 0 ... .max, using: &randomness))
            return .number(number.isFinite ? number : 0.1)
        case 4: return .string(text(using: &randomness))
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &randomness)).map { _ in value(depth: depth + 1, using: &randomness) }
            )
        default:
            return .object(
                (0..<Int.random(in: 0...4, using: &randomness)).map { index in
                    JSONValue.Member("\(index)" + text(using: &randomness), value(depth: depth + 1, using: &randomness))
                }
            )
        }
    }

    private static func text(using randomness: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &randomness) {
            let limit: UInt32 = Bool.random(using: &randomness) ? 0x100 : 0x110000
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &randomness)) { text.append(scalar) }
        }
        return String(text)
    }
}
