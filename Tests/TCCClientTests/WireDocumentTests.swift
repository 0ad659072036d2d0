import HTTPTypes
import HeatingModel
import Testing

@testable import TCCClient

@Suite("Reading JSON from its bytes", .timeLimit(.minutes(1)))
struct WireDocumentTests {
    private static func read<Value: WireReadable>(_ text: String, as type: Value.Type) -> Value? {
        HTTPAnswer(status: 200, body: text.utf8).decoded(as: type)
    }

    @Test(
        "What is not JSON is not read",
        arguments: [
            "", " ", "{", "[1,]", "[1 2]", "[1]]", #"{"a":1,}"#, #"{"a" 1}"#, "{a:1}", "[01]", "[1.]", "[1e]", "[-]",
            "[+1]",
            "[.5]", "[tru]", "[nul]", "[nan]", #"["a]"#, #"["a\"]"#, "[\"\u{1}\"]", #"["a"] "b""#, "<html>",
        ]
    )
    func notJSON(text: String) {
        #expect(WireDocument(Array(text.utf8)) == nil)
    }

    @Test("Bytes that are not UTF-8 are not read, and nesting has an end")
    func hostile() {
        #expect(WireDocument([UInt8(ascii: "\""), 0xC3, UInt8(ascii: "\"")]) == nil)
        let deep = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        #expect(WireDocument(Array(deep(64).utf8)) != nil)
        #expect(WireDocument(Array(deep(100_000).utf8)) == nil)
    }

    @Test(
        "Texts are read with their escapes",
        arguments: [
            (#"["a"]"#, ["a"]), (#"["Küche 😀"]"#, ["Küche 😀"]), (#"["\"\\\/\n\u00fc\ud83d\ude00"]"#, ["\"\\/\nü😀"]),
            ("\u{FEFF} [ \"a\" ,\n\t\"\" ] ", ["a", ""]), ("[]", []),
        ]
    )
    func texts(text: String, read: [String]) {
        #expect(Self.read(text, as: [String].self) == read)
    }

    @Test(
        "Numbers are read as they are written",
        arguments: [("[0]", 0), ("[-1.5]", -1.5), ("[19.57]", 19.57), ("[1E2]", 100), ("[1.25e-1]", 0.125)]
    )
    func numbers(text: String, read: Double) {
        #expect(Self.read(text, as: [Double].self) == [read])
    }

    @Test("A bad element does not hide the others, and neither does a lone surrogate or too large a number")
    func badElements() {
        #expect(Self.read(#"[1, "a", 2.5, null, 1e999, 3]"#, as: [Int].self) == [1, 3])
        #expect(Self.read(#"["\ud83d", "b"]"#, as: [String].self)?.last == "b")
    }

    @Test("A key is found however it is written, and the first of two counts")
    func keys() {
        #expect(Self.read(#"{"b":{"code":"x"},"code":"1","code":"2"}"#, as: WireError.self)?.code == "1")
        #expect(Self.read(#"{"c\u006fde":"1"}"#, as: WireError.self)?.code == "1")
        #expect(Self.read(#"["code","1"]"#, as: WireError.self) == nil)
    }
}
