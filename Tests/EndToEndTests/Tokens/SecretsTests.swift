import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Secrets", .timeLimit(.minutes(3)))
struct SecretsTests {
    private static let password = "s3cret+p&ss wörd"
    private static let oldPassword = "an 0ld+one"

    @Test("At the trace level, through login, refresh, refusals and crashes, none of them is written anywhere")
    func nowhere() async throws {
        try await World.exists({ $0.password = Self.password }) { world in
            let secrets = SecretsSeen([Self.password, Self.oldPassword, "user@example.com"])
            let refused = try await crashing(world, password: Self.oldPassword) {
                try await eventually { world.cloudState() == "unauthorised" }
            }
            let accepted = try await crashing(world, password: Self.password) {
                try await eventually { try secrets.learn(from: world) }
                world.cloud.revokeAccessTokens()
                try await eventually { try secrets.learn(from: world) }
                world.cloud.revokeAccessTokens()
                world.cloud.revokeRefreshTokens()
                try await eventually { try secrets.learn(from: world) }
                try await eventually { world.cloudState() == "ok" }
            }
            #expect(world.logins() == 3)
            #expect(world.refusedRefreshes() == 1)

            #expect(secrets.found(in: try String(contentsOf: world.stateFile, encoding: .utf8)).count == 3)
            for ending in [refused, accepted] {
                #expect(ending.log.contains("Got an access token") || ending.log.contains("refused the grant"))
                #expect(secrets.found(in: ending.log).isEmpty)
                #expect(secrets.found(in: ending.output).isEmpty)
            }
            #expect(world.watcher.counts().count > 20)
            #expect(secrets.found(in: world.watcher.everything()).isEmpty)
            for file in try otherFiles(in: world) {
                #expect(secrets.found(in: text(of: file)).isEmpty, "\(file)")
            }
        }
    }

    @Test("The configuration in force is shown without them")
    func configuration() async throws {
        let secrets = SecretsSeen([Self.password, "user@example.com", "br0ker password"])
        let ending = try await BridgeProcess.run(
            [
                "config", "check", "--account-username", "user@example.com",
                "--mqtt-url", "mqtt://me:br0ker%20password@127.0.0.1",
            ],
            environment: ["EVOHOME_ACCOUNT_PASSWORD": Self.password]
        )
        #expect(ending.exitCode == 0)
        #expect(ending.output.contains("poll_interval"))
        #expect(secrets.found(in: ending.output + ending.log).isEmpty)
    }

    /// Runs the bridge for as long as `body` runs, and has it crash and write the Swift runtime's crash report.
    private func crashing(
        _ world: World,
        password: String,
        _ body: () async throws -> Void
    ) async throws -> BridgeProcess.Ending {
        let reports = world.directory.appending(path: "reports")
        try FileManager.default.createDirectory(at: reports, withIntermediateDirectories: true)
        let earlier = try contents(of: reports)
        let ending = try await world.bridge(
            password: password,
            flags: ["--log-level", "trace"],
            // A report otherwise shows sixteen bytes of whatever each register points at.
            environment: ["SWIFT_BACKTRACE": "enable=yes,registers=none,output-to=\(reports.path())"]
        ) { process in
            try await body()
            // The runtime reports a signal that came from outside and goes on; the second one ends the process.
            process.signal(SIGABRT)
            try await eventually(timeout: .seconds(60), "a crash report") {
                try contents(of: reports).contains { !earlier.contains($0) && text(of: $0).contains("Backtrace took") }
            }
            process.signal(SIGABRT)
            _ = try await process.ending()
        }
        #expect(ending.exitCode == nil)
        return ending
    }

    /// Whatever is in the folders of the world, but the one file that may hold secrets.
    /// All files but the state file, and what a crash in the middle of replacing it has left: that is as private.
    private func otherFiles(in world: World) throws -> [URL] {
        let name = world.stateFile.lastPathComponent
        let files = try FileManager.default.subpathsOfDirectory(atPath: world.directory.path())
            .map { world.directory.appending(path: $0) }
        let replacements = files.filter { $0.lastPathComponent.hasPrefix("\(name).temporary-") }
        for file in replacements {
            let mode = try FileManager.default.attributesOfItem(atPath: file.path())[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        return files.filter { $0.lastPathComponent != name && !replacements.contains($0) }
    }

    private func contents(of folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    }

    /// Nothing for a folder.
    private func text(of file: URL) -> String {
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
}
