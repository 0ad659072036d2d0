import Foundation
import Testing
import Yams

@Suite("The workflows")
struct WorkflowTests {
    private static let files = [".github/workflows/ci.yml", ".github/workflows/release.yml"]

    @Test("Every action is pinned by the hash of a commit, with its version beside it", arguments: files)
    func pins(file: String) throws {
        let uses = try Manual.text(of: file).split(separator: "\n").filter { $0.contains("uses: ") }
        #expect(!uses.isEmpty)
        for line in uses {
            #expect(line.wholeMatch(of: /\s*(- )?uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+/) != nil, "\(line)")
        }
    }

    @Test("No job may do more than it needs")
    func permissions() throws {
        let release = try workflow(".github/workflows/release.yml")
        #expect(release["permissions"]?.mapping?.isEmpty == true)
        let granted = try jobs(of: release).mapValues { job in
            job["permissions"]?.mapping?.map { "\($0.key.string ?? ""): \($0.value.string ?? "")" }.sorted() ?? []
        }
        #expect(
            granted == [
                "test": ["contents: read"], "package": ["contents: read"],
                "image": ["contents: read", "packages: write"],
                "publish": ["attestations: write", "contents: write", "id-token: write", "packages: write"],
            ]
        )
        let check = try workflow(".github/workflows/ci.yml")["permissions"]?.mapping
        #expect(check?.count == 1 && check?["contents"]?.string == "read")
    }

    @Test("Nothing is built before everything is tested, and nothing is published before everything is built")
    func order() throws {
        let jobs = try jobs(of: workflow(".github/workflows/release.yml"))
        #expect(jobs["package"]?["needs"]?.string == "test" && jobs["image"]?["needs"]?.string == "test")
        #expect(jobs["publish"]?["needs"]?.array().compactMap(\.string) == ["package", "image"])
        for name in ["test", "package", "image"] {
            let runners = jobs[name]?["strategy"]?["matrix"]?["runner"]?.array().compactMap(\.string)
            #expect(runners == ["ubuntu-24.04", "ubuntu-24.04-arm"], "\(name)")
        }
        #expect(try commands(of: ".github/workflows/release.yml").contains("bash .ci/run"))
    }

    @Test("No secret stays in a checkout, and no text from outside becomes part of a command", arguments: files)
    func injection(file: String) throws {
        let steps = try jobs(of: workflow(file)).values.flatMap { $0["steps"]?.array() ?? [] }
        for step in steps where step["uses"]?.string?.hasPrefix("actions/checkout@") == true {
            #expect(step["with"]?["persist-credentials"]?.bool == false)
        }
        #expect(try commands(of: file).filter { $0.contains("${{") } == [])
    }

    @Test("Every command is valid for the shell, and the scripts that it runs are there", arguments: files)
    func shell(file: String) async throws {
        for command in try commands(of: file) {
            _ = try await Script.bash.output("-n", "-c", command)
            for script in command.matches(of: /(docker|\.ci)\/[a-z-]+/) {
                let path = Manual.root.appending(path: String(script.output.0)).path()
                let runs = FileManager.default.isExecutableFile(atPath: path) || command.hasPrefix("bash ")
                #expect(runs && FileManager.default.fileExists(atPath: path), "\(script.output.0)")
            }
        }
    }

    private func workflow(_ file: String) throws -> Node {
        try #require(try Yams.compose(yaml: Manual.text(of: file)))
    }

    private func jobs(of workflow: Node) throws -> [String: Node] {
        let jobs = try #require(workflow["jobs"]?.mapping)
        return Dictionary(uniqueKeysWithValues: jobs.map { ($0.key.string ?? "", $0.value) })
    }

    private func commands(of file: String) throws -> [String] {
        let steps = try jobs(of: workflow(file)).values.flatMap { $0["steps"]?.array() ?? [] }
        let commands = steps.compactMap { $0["run"]?.string }
        try #require(!commands.isEmpty)
        return commands
    }
}
