import Basics
import MosquittoClient
import Observability
import Testing

@testable import evohome_mqtt

@Suite("The configuration file")
struct ConfigurationFileTests {
    @Test(
        "Files that say nothing are files",
        arguments: [
            "", "\n\n", "# only a comment\n", "---\n", "~", "mqtt:\n", "mqtt: ~\ncloud:\n  # url: x\n", "mqtt: {url: }",
            "{}",
            "mqtt: {username: null}",
        ]
    )
    func empty(yaml: String) throws {
        #expect(try load(yaml).settings == load().settings)
    }

    @Test("YAML's other readings of words and numbers do no harm")
    func words() throws {
        let settings = try load(
            "cloud: {high_precision: on, poll_interval: 200s, schedules_interval: 0}\nmqtt: {protocol: 5}\nhttp: {listen: off}"
        )
        .settings
        #expect(settings.cloud.highPrecision == .on)
        #expect(settings.cloud.pollInterval == .seconds(200))
        #expect(settings.cloud.schedulesInterval == nil)
        #expect(settings.mqtt.protocolVersion == .version5)
        #expect(settings.http.listen == nil)
        #expect(try load("mqtt: {protocol: 3.1.1}").settings.mqtt.protocolVersion == .version311)
        #expect(try load("account: {password: 0123}").settings.account.password == Secret("0123"))
        #expect(try load("account: {password: on}").settings.account.password == Secret("on"))
        #expect(try load("cloud: {high_precision: false}").settings.cloud.highPrecision == .off)
    }

    @Test(
        "Locations are a list or text with commas",
        arguments: [
            ("cloud: {locations: [My Home, 123]}", ["My Home", "123"]),
            ("cloud:\n  locations:\n    - 'Home, sweet home'\n    - 123\n", ["Home, sweet home", "123"]),
            ("cloud: {locations: 'My Home, 123'}", ["My Home", "123"]), ("cloud: {locations: 123}", ["123"]),
            ("cloud: {locations: []}", []),
        ]
    )
    func locations(yaml: String, expected: [String]) throws {
        #expect(try load(yaml).settings.cloud.locations == expected)
    }

    @Test(
        "A mark at the start, Windows' line ends, dotted keys and JSON are read",
        arguments: [
            "\u{FEFF}mqtt:\n  qos: 2\n", "mqtt:\r\n  qos: 2\r\n", "\u{FEFF}mqtt:\r\n  qos: 2\r\n", "mqtt.qos: 2",
            #"{"mqtt": {"qos": 2, "username": ""}}"#,
        ]
    )
    func forms(yaml: String) throws {
        #expect(try load(yaml).settings.mqtt.qos == 2)
    }

    @Test(
        "What has the wrong shape is refused with its line and without its value",
        arguments: [
            ("\nmqtt: hunter2secret", "line 2: mqtt is a section"),
            ("mqtt: [hunter2secret]", "line 1: mqtt is a section"),
            ("hunter2secret", "line 1: the file must consist of sections"),
            ("- hunter2secret", "line 1: the file must consist of sections"),
            ("mqtt:\n  qos:\n    deep: hunter2secret", "mqtt.qos has keys below it, but must be a whole number"),
            (
                "cloud: {locations: [{a: hunter2secret}]}",
                "the list of cloud.locations may contain plain values only"
            ),
            (
                "mqtt: {password: [hunter2secret], username: u}",
                "mqtt.password has a value (from /test/settings.yaml line 1), but must be one value"
            ),
            ("mqtt: {? [a] : hunter2secret}", "a key must be a plain word"),
            ("mqtt: {qos: 1, qos: hunter2secret}", "line 1: qos is set twice"),
            ("mqtt: {qos: 1}\nmqtt: {qos: hunter2secret}", "mqtt is set twice"),
            ("mqtt.qos: 1\nmqtt: {qos: hunter2secret}", "line 2: mqtt.qos is set twice"),
            ("mqtt:\n  password: \"hunter2secret", "is not valid YAML"),
            ("mqtt:\n\tpassword: hunter2secret", "line 2: this is not valid YAML"),
            ("mqtt: {password: hunter2secret", "is not valid YAML"),
            ("mqtt: {password: *hunter2secret}", "is not valid YAML"),
            ("a: b\n---\npassword: hunter2secret", "is not valid YAML"),
        ]
    )
    func wrongShape(yaml: String, part: String) throws {
        let error = try loadingError(yaml)
        #expect(error.exitCode == 78)
        #expect(error.problems.count == 1, "\(error)")
        #expect(error.description.contains(part), "\(error)")
        #expect(!error.description.contains("hunter2secret"))
    }

    @Test(
        "Unknown keys are refused with the nearest known one and without their value",
        arguments: [
            ("mqtt: {passwrd: hunter2secret}", "mqtt.passwrd is not a setting; did you mean mqtt.password?"),
            ("mqtt: {password:hunter2secret}", "line 1: mqtt.password needs a space after its colon."),
            ("passwrod: hunter2secret", "passwrod is not a setting"),
            ("username: hunter2secret", "username is not a setting; did you mean account.username?"),
            ("MQTT: {password: hunter2secret}", "MQTT is not a setting; did you mean mqtt?"),
            ("homeassistant: {discovery: hunter2secret}", "did you mean home_assistant?"),
            ("? \"a\\u0007\\nb\"\n: hunter2secret", "is not a setting"),
        ]
    )
    func unknownKeys(yaml: String, part: String) throws {
        let error = try loadingError(yaml)
        #expect(error.problems.count == 1)
        #expect(error.description.contains(part), "\(error)")
        #expect(!error.description.contains("hunter2secret"))
        #expect(error.description.split(separator: "\n").count == 1)
    }

    @Test(
        "A tag that is not YAML's own is refused with its key, and without the text behind it",
        arguments: [
            ("account:\n  password: !secret hunter2secret", "line 2: account.password has the YAML tag !secret,"),
            ("account:\n  password: !secret\n", "account.password has the YAML tag !secret,"),
            ("mqtt: {url: !env_var hunter2secret}", "mqtt.url has the YAML tag !env_var,"),
            ("cloud: {locations: [Home, !secret hunter2secret]}", "cloud.locations has the YAML tag !secret,"),
            ("cloud: {locations: !include hunter2secret}", "cloud.locations has the YAML tag !include,"),
            ("mqtt: !include hunter2secret", "mqtt has the YAML tag !include,"),
            ("mqtt: !include {qos: 2}", "mqtt has the YAML tag !include,"),
            ("!include hunter2secret", "the file has the YAML tag !include,"),
            ("mqtt: {password: !<tag:example.com,2026:x> hunter2secret}", "has the YAML tag tag:example.com,2026:x,"),
        ]
    )
    func foreignTag(yaml: String, part: String) throws {
        let error = try loadingError(yaml)
        #expect(error.exitCode == 78)
        #expect(error.problems.count == 1, "\(error)")
        #expect(error.description.contains(part), "\(error)")
        #expect(!error.description.contains("hunter2secret"))
    }

    @Test("YAML's own tags are read", arguments: ["!!str 2", "! 2", "!!int 2", "!<tag:yaml.org,2002:int> 2"])
    func ownTag(value: String) throws {
        #expect(try load("mqtt: !!map {qos: \(value)}").settings.mqtt.qos == 2)
    }

    @Test("The rest of a file with a mistake is checked as well")
    func restOfFile() throws {
        let error = try loadingError("mqtt: {nonsense: 1, qos: 9}\nlog: {level: loud}")
        #expect(error.problems.count == 3)
    }

    @Test("Bytes that are no text, endless keys and deep nesting are refused, not fatal")
    func hostile() {
        #expect(ConfigurationFile(bytes: [0xFF, 0xFE, 0x6D, 0x00], path: "f").problems.count == 1)
        #expect(ConfigurationFile(bytes: [0x6D, 0x00, 0x3A], path: "f").problems.count == 1)
        let longKey = String(repeating: "k", count: 100_000) + ": 1"
        #expect(ConfigurationFile(bytes: Array(longKey.utf8), path: "f").problems.count == 1)
        let deep = String(repeating: "[", count: 200_000)
        #expect(ConfigurationFile(bytes: Array(deep.utf8), path: "f").problems.count == 1)
    }
}
