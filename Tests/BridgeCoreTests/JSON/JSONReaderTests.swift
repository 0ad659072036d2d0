import Basics
import BridgeCore
import TestBasics
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    private func read(_ text: String) throws(JSONProblem) -> JSONValue {
        try JSONValue(parsing: text.utf8)
    }

    private static let valid: [(text: String, value: JSONValue)] = [
        ("null", JSONValue.null), ("true", .bool(true)), (" false\n", .bool(false)),
        ("0", .integer(0)), ("-0", .integer(0)), ("-17", .integer(-17)), ("21.5", .number(21.5)),
        ("1e2", .number(100)), ("1E-2", .number(0.01)), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("1e308", .number(1e308)), ("5e-324", .number(.leastNonzeroMagnitude)), ("1e-400", .number(0)),
        (#""""#, .string("")), (#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u00e9\u0000""#, .string("é\u{0}")), (#""\ud83d\uDE00""#, .string("😀")), (#""Küche""#, .string("Küche")),
        ("[]", []), ("[1,[2]]", [.integer(1), [.integer(2)]]), ("{}", [:]),
        (#"{ "b" : 1 , "a" : [ ] }"#, ["b": .integer(1), "a": []]),
    ]

    @Test("What is JSON is read", arguments: valid)
    func isRead(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    private static let invalid: [(text: String, reason: String)] = [
        ("", "ends too early"), (" ", "ends too early"), ("{", "a key is missing"), ("[", "ends too early"),
        ("[1", "ends too early"), ("[1 2]", "comma or bracket"), ("[1,]", "unexpected character"), (#"{"a"}"#, "colon"),
        (#"{"a":1,}"#, "key is missing"), (#"{"a":1 "b":2}"#, "comma or brace"), (#"{"a":1"#, "ends too early"),
        ("{a:1}", "key is missing"), ("{'a':1}", "key is missing"), ("nul", "unexpected character"),
        ("True", "unexpected character"),
        ("NaN", "unexpected character"), ("Infinity", "unexpected character"), ("-Infinity", "no digits"),
        ("+1", "unexpected character"), (".5", "unexpected character"),
        ("1.", "ends with its point"), ("01", "begins with a zero"), ("-", "no digits"), ("1e", "no exponent"),
        ("1e400", "too large"), ("-1e400", "too large"), ("0x15", "something follows"), ("21,5", "something follows"),
        ("1 2", "something follows"), ("\"a", "ends too early"), ("\"a\nb\"", "control character"),
        ("\"a\u{0}\"", "control character"), ("\u{0}", "unexpected character"), ("\u{feff}1", "unexpected character"),
        (#""\x""#, "escape"),
        (#""\u12""#, "escape"), (#""\u+123""#, "escape"), (#""\u00é0""#, "escape"), (#""\ud83d""#, "a lone surrogate"),
        (#""\ud83d\u0041""#, "a lone surrogate"), (#""\ude00""#, "a lone surrogate"), (#""\ud83dA""#, "a lone"),
        (#"{"a":1,"a":2}"#, #"the key "a" is given twice"#), (#"{"a":{"b":1,"b":1}}"#, #""b" is given twice"#),
        (#"{"\u0061":1,"a":2}"#, "is given twice"), ("// 1", "unexpected character"), ("1 // one", "something follows"),
    ]

    @Test("What is not JSON is refused with a reason", arguments: invalid)
    func isRefused(text: String, reason: String) {
        let problem = #expect(throws: JSONProblem.self) { try read(text) }
        #expect(problem?.reason.contains(reason) == true, "\(problem?.reason ?? "it was read")")
    }

    private static let invalidUTF8: [[UInt8]] = [
        [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xc3],
    ]

    @Test("Invalid UTF-8 is refused", arguments: invalidUTF8)
    func badUTF8(bytes: [UInt8]) {
        let problem = #expect(throws: JSONProblem.self) { try JSONValue(parsing: bytes) }
        #expect(problem?.reason == "it is not valid UTF-8")
    }

    @Test("Nesting is bounded", arguments: ["[", "{\"a\":"])
    func deep(opening: String) throws {
        let problem = #expect(throws: JSONProblem.self) { try read(String(repeating: opening, count: 10_000)) }
        #expect(problem?.reason.contains("nested too deeply") == true)
        _ = try read(String(repeating: "[", count: 31) + "1" + String(repeating: "]", count: 31))
    }

    @Test("A key that is given twice is named on one line, cut short")
    func longKey() {
        let key = String(repeating: "k", count: 30_000)
        let problem = #expect(throws: JSONProblem.self) { try read("{\"\(key)\":1,\"\(key)\":2}") }
        #expect((problem?.reason.utf8.count ?? 0) < 200)
    }

    @Test("64 KiB are read whole")
    func large() throws {
        let text = String(repeating: "x", count: (64 << 10) - 2)
        #expect(try read("\"\(text)\"") == .string(text))
        let list = "[" + String(repeating: "1,", count: (32 << 10) - 2) + "1]"
        guard case .array(let elements) = try read(list) else {
            Issue.record("It is no list.")
            return
        }
        #expect(elements.count == (32 << 10) - 1)
    }

    @Test("No bytes whatever crash the reader", arguments: 0..<20)
    func fuzz(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "1", "-", ".", "e", "true", "nul", " ", "é", "a",
        ]
        for _ in 0..<500 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...24, using: &randomness) {
                bytes += Array((pieces.randomElement(using: &randomness) ?? "").utf8)
                if Int.random(in: 0..<20, using: &randomness) == 0 {
                    bytes.append(.random(in: 0...255, using: &randomness))
                }
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect((try? JSONValue(parsing: value.text.utf8)) == value)
        }
    }
}
