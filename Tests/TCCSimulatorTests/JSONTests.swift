import Testing

@testable import TCCSimulator

@Suite("JSON")
struct JSONTests {
    @Test(
        "A document is written as it was read",
        arguments: [
            #"{"b":1.0,"a":[true,false,null,-2.5e3],"ü":"\"\\\n"}"#, "[]", "{}", #""""#, "0",
            #"{"a":{"a":{"a":[[[]]]}}}"#,
        ]
    )
    func roundTrip(_ text: String) throws {
        let json = try JSON(parsing: Array(text.utf8))
        #expect(String(decoding: json.text, as: UTF8.self) == text)
    }

    @Test("Escapes and surrogate pairs are read")
    func escapes() throws {
        let json = try JSON(parsing: Array(#"["\u0041\uD83D\uDE00\/\t"]"#.utf8))
        #expect(json == ["A😀/\t"])
    }

    @Test(
        "Invalid JSON is refused",
        arguments: [
            "", " ", "{", "[1,", #"{"a"}"#, #"{"a":1,}"#, "[1]x", "01", "+1", "1.", ".5", "1e", "NaN", "nul", #""\x""#,
            #""\uD800""#, "\"a\nb\"", "{1:2}", "-", "1e999", "'a'",
        ]
    )
    func malformed(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test("Excessive nesting is refused")
    func nesting() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: deep) }
    }

    @Test("Invalid UTF-8 is refused")
    func invalidText() {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }
}
