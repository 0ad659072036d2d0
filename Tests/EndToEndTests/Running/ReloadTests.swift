import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Reading the settings again", .timeLimit(.minutes(1)))
struct ReloadTests {
    @Test("SIGHUP changes the log level and the intervals, says what needs a restart, and leaves a bad file alone")
    func reload() async throws {
        try await World.exists { world in
            let file = world.directory.appending(path: "settings.yaml")
            try await write("log: {level: info}", pollInterval: "1h", of: world, to: file)
            let process = try await BridgeProcess.start(
                arguments: ["run", "--config", file.path()],
                environment: ["EVOHOME_ACCOUNT_PASSWORD": "password"]
            )
            try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
            #expect(world.readings() == 1)

            try await write("log: {level: warning}\ncommands: {expiry: 1m}", pollInterval: "1s", of: world, to: file)
            process.signal(SIGHUP)
            try await eventually { world.readings() > 2 }

            try await write("logs: {level: debug}", pollInterval: "1h", of: world, to: file)
            process.signal(SIGHUP)
            let readings = world.readings()
            try await eventually { world.readings() > readings + 1 }

            let log = try await process.stop().log
            #expect(log.contains("need a restart keys=commands.expiry"), "\(log)")
            #expect(log.contains("The settings stay as they are"), "\(log)")
            #expect(log.contains("did you mean log?"), "\(log)")
            // A notice, which the new level leaves out.
            #expect(!log.contains("Stopped"), "\(log)")
        }
    }

    private func write(_ more: String, pollInterval: String, of world: World, to file: URL) async throws {
        let text = """
            account: {username: user@example.com}
            cloud: {url: "\(try await world.cloud.url)", poll_interval: \(pollInterval)}
            mqtt: {url: "mqtt://127.0.0.1:\(world.broker.port)"}
            state: {file: \(world.stateFile.path())}
            \(more)
            """
        try Data(text.utf8).write(to: file)
    }
}
