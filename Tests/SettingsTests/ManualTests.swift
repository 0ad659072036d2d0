import Foundation
import Testing

@Suite("The manual")
struct ManualTests {
    @Test("Every link leads to a file, and to a heading in it", arguments: Manual.pages)
    func links(page: String) throws {
        let folder = Manual.root.appending(path: page).deletingLastPathComponent()
        let text = try Manual.text(of: page)
        for match in text.matches(of: /\]\(([^)\s]+)\)|src="([^"]+)"/) {
            let link = String(match.output.1 ?? match.output.2 ?? "")
            if link.contains("://") { continue }
            let parts = link.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
            let file = parts[0].isEmpty ? Manual.root.appending(path: page) : folder.appending(path: parts[0])
            #expect(FileManager.default.fileExists(atPath: file.path()), "\(link)")
            guard parts.count > 1 else { continue }
            #expect(try anchors(in: String(contentsOf: file, encoding: .utf8)).contains(parts[1]), "\(link)")
        }
    }

    @Test(
        "Every message that it explains is one of the program's",
        arguments: [
            ("config/README.md", "| it says | why | what to do |"),
            ("docker/home-assistant-addon/DOCS.md", "| the log says | what to do |"),
        ]
    )
    func messages(page: String, header: String) throws {
        let program = try Sources().text
        let parts = try Manual.code(inColumn: 0, below: header, of: page)
            .flatMap { $0.split(separator: "…") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(parts.filter { !program.contains($0) } == [])
    }

    @Test("Every metric that it explains is one of the program's")
    func metrics() throws {
        let program = try Sources().text
        let names = try Manual.code(inColumn: 0, below: "| metric | labels | |", of: "config/README.md")
        #expect(names.filter { !program.contains("\"\($0)\"") } == [])
    }

    @Test(
        "Every test that the threats to the page and to the share name is there",
        arguments: [
            ("the test that shows it", ["HTTPServingTests", "WebInterfaceTests"], 20),
            ("the test of the share that shows it", ["CloudSharingTests", "EndToEndTests/Share"], 10),
        ]
    )
    func threats(column: String, folders: [String], least: Int) throws {
        let tests = try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(
                at: Manual.root.appending(path: "Tests/\(folder)"),
                includingPropertiesForKeys: nil
            )
        }
        .filter { $0.pathExtension == "swift" }
        .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let header = "| somebody | could | what stops it | \(column) |"
        let names = try Manual.rows(below: header, in: ".github/SECURITY.md").flatMap { row in
            (row.split(separator: "|").last ?? "").matches(of: /\*([^*]+)\*/).map { String($0.output.1) }
        }
        try #require(names.count > least)
        #expect(names.filter { !tests.contains("\"\($0)\"") } == [])
    }

    @Test("Every file and folder that it tells a newcomer to look at is there")
    func places() throws {
        let paths = try Sources().paths
        let places = try Manual.code(inColumn: 1, below: "| for | look at |", of: "Sources/README.md")
        #expect(places.filter { place in !paths.contains { "/\($0)/".contains("/\(place)/") } } == [])
    }

    @Test("The command that it gives for the tests is the one that is run for every change")
    func testCommand() throws {
        let command = try #require(try Manual.text(of: "README.md").firstMatch(of: /\n(.*swift test.*)\n/)).output.1
        #expect(try Manual.text(of: ".ci/run").contains("\n  \(command)\n"))
    }

    /// The anchors that GitHub gives the headings of a page.
    private func anchors(in text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            line.drop { $0 == "#" || $0 == " " }.lowercased()
                .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                .replacing(" ", with: "-")
        }
    }
}

/// The code of the program.
private struct Sources {
    /// Below `Sources`.
    let paths: [String]
    let text: String

    init() throws {
        let folder = Manual.root.appending(path: "Sources")
        paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".swift") }
        text = try paths.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }.joined()
    }
}
