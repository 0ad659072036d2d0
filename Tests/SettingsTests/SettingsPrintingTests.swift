import ArgumentParser
import Foundation
import Testing

@testable import evohome_mqtt

@Suite("What is printed of the settings")
struct SettingsPrintingTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../config")

    @Test("The committed example is the generated one")
    func committedExample() throws {
        let url = Self.folder.appending(path: "evohome-mqtt.yaml")
        #expect(try String(contentsOf: url, encoding: .utf8) == ExampleFile.text)
    }

    @Test("The committed schema is the generated one")
    func committedSchema() throws {
        let url = Self.folder.appending(path: "evohome-mqtt.schema.json")
        #expect(try String(contentsOf: url, encoding: .utf8) == SettingsSchema.text)
    }

    @Test("The example loads without a complaint, changes nothing, and names every key")
    func exampleLoads() throws {
        #expect(try load(ExampleFile.text).settings == load().settings)
        for key in SettingKey.all { #expect(ExampleFile.text.contains(" \(key.nameInSection): ")) }
    }

    @Test("The example with everything that is commented out loads too")
    func wholeExample() throws {
        let isCommentedOut = #/^  # [a-z_]+: /#
        let lines = ExampleFile.text.split(separator: "\n").map { line in
            line.contains(isCommentedOut) ? "  " + line.dropFirst("  # ".count) : String(line)
        }
        let yaml = lines.filter { !$0.hasPrefix("  password_file: ") }.joined(separator: "\n")
            .replacing("mqtt://localhost:1883", with: "mqtts://localhost")
        let files = [
            "/config/cloud-ca.pem", "/config/mqtt-ca.pem", "/config/client.pem", "/config/client.key",
            "/config/share/server.pem", "/config/share/server.key",
        ]
        let settings = try load(yaml, files: Dictionary(uniqueKeysWithValues: files.map { ($0, "x") })).settings
        #expect(settings.cloud.locations == ["Home", "1234567"])
        #expect(settings.mqtt.clientID == "evohome-mqtt")
    }

    @Test("Every key is in the effective configuration, with its value and source")
    func effective() throws {
        let loaded = try load("mqtt: {qos: 2}", environment: ["EVOHOME_LOG_LEVEL": "debug"])
        #expect(loaded.effective.rows.map(\.key) == SettingKey.all)
        let lines = loaded.effective.description.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(lines.contains(["mqtt.qos", "2", "/test/settings.yaml", "line", "1"]))
        #expect(lines.contains(["log.level", "debug", "EVOHOME_LOG_LEVEL"]))
        #expect(lines.contains(["commands.per_minute", "30", "default"]))
        #expect(lines.contains(["mqtt.username", "-", "default"]))
    }

    @Test("No secret is in anything that can be printed", arguments: GivenBy.allCases)
    func noSecrets(source: GivenBy) throws {
        let secrets: [SettingKey: String] = [
            "account.username": "hunter2secret", "account.password": "hunter2secret",
            "mqtt.url": "mqtt://someone:hunter2secret@broker",
        ]
        for (key, text) in secrets {
            let loaded = try source.load(key, text)
            var dumped = ""
            dump(loaded, to: &dumped)
            for printed in ["\(loaded.effective)", "\(loaded)", String(reflecting: loaded), dumped] {
                #expect(printed.contains("<secret>"))
                #expect(!printed.contains("hunter2secret"))
            }
        }
    }

    @Test("Flags that hold a secret do not print it")
    func secretFlags() throws {
        let options = try SettingsOptions.parse(["--account-password", "hunter2secret"])
        var printed = "\(options)" + String(reflecting: options)
        dump(options, to: &printed)
        #expect(!printed.contains("hunter2secret"))
    }

    @Test(
        "A port is no secret, also in an address that is refused",
        arguments: [
            "ws://broker:9001/mqtt", "http://broker:1883", "broker:1883", "mqtt://broker:1883/path",
            "mqtt://fe80::1:1883",
            "mqtt://[fe80::1%25]:1883", "mqtt://broker:99999",
        ]
    )
    func shownPort(url: String) throws {
        let error = try loadingError(flags: ["mqtt.url": url])
        #expect(error.description.contains(url))
    }

    @Test(
        "A broker's address that is refused keeps its password to itself",
        arguments: [
            "mqtt://u:hunter2secret@h:99999", "mqtt://u:hunter2secret", "mqtt://u:hunter2/secret@h",
            "http://u:hunter2#secret@h",
            "u:hunter2secret@h", "mqtt:/u:hunter2secret@h", "mqtt://u:hunter2secret@x@h", "mqtt://u:%zzhunter2secret@h",
            "mqtt://u:hunter2secret" + String(repeating: "x", count: 300) + "@h:x",
        ]
    )
    func refusedURL(url: String) throws {
        let error = try loadingError(flags: ["mqtt.url": url])
        #expect(!error.description.contains("hunter2"))
    }
}
