import TestSupport
import Testing

@Suite("The command line", .timeLimit(.minutes(1)))
struct CommandLineTests {
    @Test(
        "A configuration that cannot be used ends with 78 and a sentence that names the key",
        arguments: [
            (["--cloud-poll-interval", "5 parsecs"], "cloud.poll_interval"),
            (["--cloud-url", "http://example.com"], "cloud.url"), (["--mqtt-qos", "3"], "mqtt.qos"), ([], "account."),
        ]
    )
    func configuration(flags: [String], key: String) async throws {
        let ending = try await BridgeProcess.run(["run", "--state-file", "/nonexistent/state.json"] + flags)
        #expect(ending.exitCode == 78)
        #expect(ending.log.contains(key), "\(ending.log)")
    }

    @Test("A configuration file that is missing ends with 66")
    func missingFile() async throws {
        let ending = try await BridgeProcess.run(["run", "--config", "/nonexistent/evohome.yaml"])
        #expect(ending.exitCode == 66)
    }

    @Test("An unknown flag ends with 64")
    func usage() async throws {
        #expect(try await BridgeProcess.run(["run", "--colour", "red"]).exitCode == 64)
    }
}
