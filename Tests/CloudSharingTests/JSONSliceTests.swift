import Testing

@testable import CloudSharing

@Suite("Values in a JSON text, by their places")
struct JSONSliceTests {
    private func slice(_ text: String) throws -> JSONSlice { try #require(JSONSlice(Array(text.utf8))) }
    private func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("Members and elements are found as they are written, whatever their strings hold")
    func places() throws {
        let document = try slice(##" { "a" : [ 1, "x]}\"" ,{"b":null } , [] ], "c": -1.50e3 , "d":{} } "##)
        #expect(document.members.map { text($0.key) } == ["a", "c", "d"])
        #expect(document["a"]?.elements.map { text($0.bytes) } == ["1", #""x]}\"""#, #"{"b":null }"#, "[]"])
        #expect(document["c"]?.plainText == "-1.50e3")
        #expect(document["d"]?.members.isEmpty == true)
        #expect(document["e"] == nil)
        #expect(document["c"]?.elements.isEmpty == true)
    }

    @Test(
        "A member is set, added and removed, and every other byte stays",
        arguments: [
            (#"{"a": 1 , "b":2}"#, "a", "9", #"{"a": 9 , "b":2}"#),
            (#"{"a": 1 , "b":2}"#, "a", nil, #"{"b":2}"#),
            (#"{"a": 1 , "b":2}"#, "b", nil, #"{"a": 1}"#),
            (#"{"a":1}"#, "a", nil, "{}"),
            (#"{"a": 1 }"#, "c", "3", #"{"a": 1 ,"c":3}"#),
            ("{}", "c", "3", #"{"c":3}"#),
            (#"{"a":1}"#, "a", "1", #"{"a":1}"#),
            (#"{"a":1}"#, "c", nil, #"{"a":1}"#),
        ] as [(String, String, String?, String)]
    )
    func edits(before: String, key: String, value: String?, after: String) throws {
        let document = try slice(before)
        var edits = JSONEdits()
        edits.set(key, of: document, to: value)
        #expect(text(edits.applied(to: document)) == after)
    }

    @Test("A text that is cut or spoilt anywhere harms nothing")
    func spoilt() throws {
        let whole = Array(Lodge.status.utf8)
        for length in 0...whole.count {
            for byte in [nil, UInt8(ascii: "\""), UInt8(ascii: "}"), UInt8(ascii: "\\"), UInt8(ascii: ":")] {
                var text = Array(whole.prefix(length))
                if let byte { text.append(byte) }
                guard let document = JSONSlice(text) else { continue }
                _ = document.find(.zone, "103")?["setpointStatus"]?.members
                var edits = JSONEdits()
                edits.removeSystems(from: document)
                _ = edits.applied(to: document)
            }
        }
    }
}
