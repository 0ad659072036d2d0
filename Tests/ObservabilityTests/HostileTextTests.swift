import FoundationEssentials
import Logging
import Testing

@testable import Observability

@Suite("Hostile text in an event")
struct HostileTextTests {
    static let hostile: [(text: String, escaped: String)] = [
        ("zone\n2026-11-24T00:00:00.000Z error", #"zone\n2026-11-24T00:00:00.000Z error"#),
        ("a\r\nb", #"a\r\nb"#),
        ("a\tb", #"a\tb"#),
        ("\u{1B}[2Jgone", #"\u{1b}[2Jgone"#),
        ("\u{9B}31mred", #"\u{9b}31mred"#),
        ("\u{7}\u{8}\u{7F}\0", #"\u{7}\u{8}\u{7f}\u{0}"#),
        ("right\u{202E}tfel", #"right\u{202e}tfel"#),
        ("a\u{2028}b\u{2029}c\u{85}d", #"a\u{2028}b\u{2029}c\u{85}d"#),
        ("zero\u{200B}width\u{FEFF}", #"zero\u{200b}width\u{feff}"#),
        ("tag\u{E0041}", #"tag\u{e0041}"#),
    ]

    @Test("stays on one line of text, with nothing that a terminal obeys", arguments: hostile)
    func text(text: String, escaped: String) {
        let recorded = RecordedLines()
        recorded.logger(.text, label: text).info("\(text)", metadata: [text: "\(text)"])
        let line = recorded.lines.first ?? ""
        #expect(line.hasPrefix("2026-11-24T13:40:01.123Z info    \(escaped)  \(escaped) "))
        #expect(line.dropLast().unicodeScalars.allSatisfy { !$0.needsEscape })
        #expect(line.last == "\n")
    }

    @Test(
        "comes out of JSON as it went in",
        arguments: hostile.map(\.text) + [#"quote " and \ backslash"#, "👩‍👧 Küche 寝室", ""]
    )
    func json(text: String) throws {
        let recorded = RecordedLines()
        let nested: Logger.MetadataValue = [.string(text), ["inner \(text)": .string(text)]]
        recorded.logger(.json, label: text).info("\(text)", metadata: ["key \(text)": .string(text), "nested": nested])
        let line = try #require(recorded.lines.first)
        #expect(line.dropLast().unicodeScalars.allSatisfy { !$0.needsEscape })
        let decoded = try JSONDecoder().decode([String: Value].self, from: Data(line.utf8))
        #expect(decoded["component"] == .string(text))
        #expect(decoded["message"] == .string(text))
        #expect(decoded["key \(text)"] == .string(text))
        #expect(decoded["nested"] == .array([.string(text), .object(["inner \(text)": .string(text)])]))
    }

    enum Value: Decodable, Equatable {
        case string(String)
        case array([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let string = try? container.decode(String.self) {
                self = .string(string)
            } else if let array = try? container.decode([Value].self) {
                self = .array(array)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }
    }
}
