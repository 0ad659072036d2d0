import Testing

@testable import evohome_mqtt

@Suite("The reference of settings in the manual")
struct ReferenceTests {
    @Test("It has a row for every key: its default, what it is for, and the words or numbers that it takes")
    func rows() throws {
        let rows = try Manual.rows(below: "| key | default | what it is for |", in: "config/README.md")
        let expected = Setting.all.map(\.row)
        #expect(rows == expected, "The table has to be:\n\(expected.joined(separator: "\n"))")
    }
}

extension Setting {
    fileprivate var row: String {
        let standard = defaultText.map { "`\($0)`" } ?? ""
        return "| `\(key.name)` | \(standard) | \(help)\(rule.map { " \($0)" } ?? "") |"
    }
}
