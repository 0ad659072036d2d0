import Foundation
import Testing

@testable import evohome_mqtt

@Suite("The reference of settings in the README")
struct ReferenceTests {
    @Test("It has a row for every key: its default, what it is for, and the words or numbers that it takes")
    func rows() throws {
        let readme = URL(filePath: #filePath).appending(path: "../../../README.md").standardizedFileURL
        let lines = try String(contentsOf: readme, encoding: .utf8).split(separator: "\n").map(String.init)
        let header = try #require(lines.firstIndex(of: "| key | default | what it is for |"))
        let rows = lines.dropFirst(header + 2).prefix { $0.hasPrefix("|") }
        #expect(Array(rows) == Setting.all.map(\.row))
    }
}

extension Setting {
    fileprivate var row: String {
        let standard = defaultText.map { "`\($0)`" } ?? ""
        return "| `\(key.name)` | \(standard) | \(help)\(rule.map { " \($0)" } ?? "") |"
    }
}
