import Basics
import BridgeCore
import Logging
import MosquittoClient
import Observability
import SystemPackage
import Testing

@testable import evohome_mqtt

@Suite("Loading settings")
struct SettingsLoadTests {
    @Test("With nothing given, everything is at its default")
    func defaults() throws {
        let settings = try load().settings
        #expect(settings.account == .init(username: nil, password: nil, passwordFile: nil))
        #expect(settings.cloud.url.description == "https://tccna.resideo.com:443")
        #expect(settings.cloud.url.isVendor)
        #expect(settings.cloud.pollInterval == .seconds(180))
        #expect(settings.cloud.requestTimeout == .seconds(30))
        #expect(settings.cloud.locations.isEmpty)
        #expect(settings.cloud.unavailableAfter == .seconds(1800))
        #expect(settings.cloud.highPrecision == .auto)
        #expect(settings.cloud.schedulesInterval == .seconds(86_400))
        #expect(settings.cloud.installationInterval == .seconds(86_400))
        #expect(!settings.mqtt.isTLS)
        #expect(settings.mqtt.broker.description == "localhost:1883")
        #expect(settings.mqtt.protocolVersion == .automatic)
        #expect(settings.mqtt.baseTopic == "evohome")
        #expect(settings.mqtt.topicIDs == .name)
        #expect(settings.mqtt.output == .both)
        #expect(settings.mqtt.qos == 1)
        #expect(settings.mqtt.sessionExpiry == .seconds(3600))
        #expect(!settings.mqtt.tlsInsecure)
        #expect(settings.homeAssistant == .init(discovery: true, discoveryPrefix: "homeassistant"))
        #expect(settings.commands == .init(expiry: .seconds(600), perMinute: 30))
        #expect(settings.http.listen == nil)
        #expect(settings.log == .init(level: .info, format: .text))
    }

    @Test("Flags are over the environment, that is over the file, and that is over the default")
    func precedence() throws {
        let yaml = "mqtt:\n  qos: 0\n"
        let environment = ["EVOHOME_MQTT_QOS": "2"]
        #expect(try load().settings.mqtt.qos == 1)
        #expect(try load(yaml).settings.mqtt.qos == 0)
        #expect(try load(yaml, environment: environment).settings.mqtt.qos == 2)
        #expect(try load(yaml, flags: ["mqtt.qos": "1"], environment: environment).settings.mqtt.qos == 1)
    }

    @Test("A bad value is an error though a weaker source has a good one")
    func noFallingThrough() throws {
        let error = try loadingError("mqtt: {qos: 2}", environment: ["EVOHOME_MQTT_QOS": "x"])
        #expect(error.problems.count == 1)
    }

    @Test(
        "A value in the environment that is still in its quotes is refused, and a secret is not shown",
        arguments: ["\"hunter2secret\"", "'hunter2secret'", "\"\""]
    )
    func quotedVariable(text: String) throws {
        for name in ["EVOHOME_ACCOUNT_PASSWORD", "EVOHOME_MQTT_CLIENT_ID", "EVOHOME_STATE_FILE"] {
            let error = try loadingError(environment: [name: text])
            #expect(error.exitCode == 78)
            #expect(error.description.hasSuffix("(from \(name)), but must be given without quotes around it."))
            #expect(name != "EVOHOME_ACCOUNT_PASSWORD" || !error.description.contains("hunter2secret"))
        }
        #expect(try loadingError(environment: ["EVOHOME_CONFIG": text]).description.hasPrefix("EVOHOME_CONFIG is "))
    }

    @Test("Quotes that do not enclose the value are part of it, as are those of a flag or a file")
    func innerQuotes() throws {
        for text in ["\"", "a\"b'", "'a\"", "it's"] {
            let account = try load(environment: ["EVOHOME_ACCOUNT_PASSWORD": text]).settings.account
            #expect(account.password == Secret(text))
        }
        #expect(try load(flags: ["account.password": "'a'"]).settings.account.password == Secret("'a'"))
        #expect(try load("account: {password: \"'a'\"}").settings.account.password == Secret("'a'"))
    }

    @Test("An empty variable is one that is not set")
    func emptyVariable() throws {
        #expect(try load("mqtt: {qos: 2}", environment: ["EVOHOME_MQTT_QOS": ""]).settings.mqtt.qos == 2)
        #expect(try load(environment: ["EVOHOME_CONFIG": ""]).settings.mqtt.qos == 1)
    }

    @Test("What can be left out can be left empty, and what has a default cannot")
    func emptyValue() throws {
        #expect(try load("mqtt: {username: ''}").settings.mqtt.username == nil)
        #expect(try loadingError("mqtt: {base_topic: ''}").description.contains("mqtt.base_topic is empty"))
    }

    @Test("The file is the flag's, else the environment's, else the standard one where it exists")
    func whichFile() throws {
        let files = FileAccess.inMemory([
            "/flag.yaml": "mqtt: {qos: 0}", "/environment.yaml": "mqtt: {qos: 2}",
            "/config/evohome-mqtt.yaml": "mqtt: {output: json}",
        ])
        let environment = ["EVOHOME_CONFIG": "/environment.yaml"]
        let byFlag = try Settings.load(configurationFile: "/flag.yaml", environment: environment, files: files)
        #expect(byFlag.settings.mqtt.qos == 0)
        #expect(try Settings.load(environment: environment, files: files).settings.mqtt.qos == 2)
        #expect(try Settings.load(environment: [:], files: files).settings.mqtt.output == .json)
    }

    @Test("A named file that is missing ends with 66, together with any other problem with 78")
    func missingFile() throws {
        let files = FileAccess.inMemory([:])
        let alone = try #require(throws: SettingsError.self) {
            try Settings.load(configurationFile: "/none.yaml", environment: [:], files: files)
        }
        #expect(alone.exitCode == 66)
        #expect(alone.description.contains("/none.yaml"))
        let both = try #require(throws: SettingsError.self) {
            try Settings.load(environment: ["EVOHOME_CONFIG": "/none.yaml", "EVOHOME_MQTT_QOS": "9"], files: files)
        }
        #expect(both.exitCode == 78)
        #expect(both.problems.count == 2)
    }

    @Test("All problems are told at once")
    func allProblems() throws {
        let error = try loadingError(
            "mqtt: {qos: 7, nonsense: 1}\ncommands: {per_minute: 0}",
            flags: ["log.level": "loud"],
            environment: ["EVOHOME_CLOUD_POLL_INTERVAL": "5s", "EVOHOME_NONSENSE": "1"]
        )
        #expect(error.problems.count == 6, "\(error)")
        #expect(error.description.split(separator: "\n").count == 6)
    }

    @Test(
        "Unknown variables are errors, with the nearest known one",
        arguments: [
            ("EVOHOME_MQTT_URI", "EVOHOME_MQTT_URI is not a setting; did you mean EVOHOME_MQTT_URL?"),
            ("EVOHOME_CONFG", "did you mean EVOHOME_CONFIG?"),
            ("EVOHOME_XYZZY_PLUGH", "unset it"),
        ]
    )
    func unknownVariable(name: String, hint: String) throws {
        let error = try loadingError(environment: [name: "hunter2secret"])
        #expect(error.description.contains(name))
        #expect(error.description.contains(hint))
        #expect(!error.description.contains("hunter2secret"))
    }

    @Test(
        "Variables of others are left alone",
        arguments: [
            "EVOHOME_FIXTURES", "PATH", "EVOHOMEX", "EVOHOME_MQTT_SERVICE_HOST", "EVOHOME_MQTT_SERVICE_PORT_HTTP",
            "EVOHOME_MQTT_PORT", "EVOHOME_MQTT_PORT_8080_TCP_ADDR",
        ]
    )
    func otherVariable(name: String) throws {
        #expect(throws: Never.self) { try load(environment: [name: "tcp://10.0.0.1:8080"]) }
    }

    @Test(
        "The state file is under /data, else $XDG_STATE_HOME, else the home folder",
        arguments: [
            (true, ["HOME": "/home/me"], "/data/evohome-mqtt.json"),
            (false, ["XDG_STATE_HOME": "/state", "HOME": "/home/me"], "/state/evohome-mqtt/state.json"),
            (
                false, ["XDG_STATE_HOME": "relative", "HOME": "/home/me"],
                "/home/me/.local/state/evohome-mqtt/state.json"
            ),
            (false, ["HOME": "/home/me", "EVOHOME_STATE_FILE": "/given.json"], "/given.json"),
        ]
    )
    func stateFile(dataIsWritable: Bool, environment: [String: String], path: String) throws {
        let loaded = try load(environment: environment, dataIsWritable: dataIsWritable)
        #expect(loaded.settings.state.file.string == path)
        #expect(try loaded.row("state.file").value == path)
    }

    @Test("Without any place for the state file, one must be given")
    func noStateFile() throws {
        #expect(try loadingError(dataIsWritable: false).description.contains("state.file must be set"))
    }

    @Test("A path below ~/ is in the home folder", arguments: GivenBy.allCases)
    func homeFolder(source: GivenBy) throws {
        let paths = ["~/evo.json": "/home/me/evo.json", "~you/evo.json": "~you/evo.json", "a/~/b": "a/~/b"]
        for (path, expanded) in paths {
            let loaded = try source.load("state.file", path, environment: ["HOME": "/home/me"])
            #expect(loaded.settings.state.file.string == expanded)
            #expect(try loaded.row("state.file").value == expanded)
        }
    }

    @Test(
        "A path below ~/ is refused if the home folder is not known",
        arguments: [[:], ["HOME": ""], ["HOME": "home"]]
    )
    func noHomeFolder(environment: [String: String]) throws {
        let error = try loadingError(flags: ["state.file": "~/evo.json"], environment: environment)
        #expect(error.exitCode == 78)
        #expect(
            error.description
                == "state.file is ~/evo.json (from --state-file), but must be a path without ~/, since HOME is not set."
        )
    }

    @Test("The configuration file and the files that it names may be below ~/")
    func filesInHomeFolder() throws {
        let files = FileAccess.inMemory([
            "/home/me/evohome.yaml": "account: {password_file: ~/password}", "/home/me/password": "hunter2",
        ])
        for (flag, variable) in [("~/evohome.yaml", nil), (nil, "~/evohome.yaml")] as [(String?, String?)] {
            var environment = ["HOME": "/home/me"]
            environment["EVOHOME_CONFIG"] = variable
            let loaded = try Settings.load(configurationFile: flag, environment: environment, files: files)
            #expect(loaded.settings.account.password == Secret("hunter2"))
        }
        let error = try #require(throws: SettingsError.self) {
            try Settings.load(configurationFile: "~/evohome.yaml", environment: [:], files: files)
        }
        #expect(error.description.contains("HOME is not set"))
        #expect(error.exitCode == 78)
    }
}
