import Foundation
import Testing

/// The pages of the manual, as they are in the repository.
enum Manual {
    static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    static let pages = [
        "README.md", "config/README.md", "config/mqtt.md", "config/home-assistant/README.md",
        "config/node-red/README.md", "config/share.md", "docker/README.md", "docker/home-assistant-addon/DOCS.md",
        "Sources/README.md",
        ".github/CONTRIBUTING.md", ".github/SECURITY.md",
    ]

    static func text(of page: String) throws -> String {
        try String(contentsOf: root.appending(path: page), encoding: .utf8)
    }

    /// - Returns: The rows of the table with this header.
    static func rows(below header: String, in page: String) throws -> [String] {
        let lines = try text(of: page).split(separator: "\n").map(String.init)
        let index = try #require(lines.firstIndex(of: header), "\(page)")
        return Array(lines.dropFirst(index + 2).prefix { $0.hasPrefix("|") })
    }

    /// - Returns: What the rows of a table have in code font in one of their columns, counted from 0.
    static func code(inColumn column: Int, below header: String, of page: String) throws -> [String] {
        let cells = try rows(below: header, in: page).map { $0.split(separator: "|")[column] }
        let code = cells.flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.output.1) } }
        try #require(!code.isEmpty)
        return code
    }
}
