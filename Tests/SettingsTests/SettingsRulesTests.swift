import Basics
import BridgeCore
import Observability
import Testing

@testable import evohome_mqtt

@Suite("Rules between settings")
struct SettingsRulesTests {
    @Test(
        "Settings that contradict each other are refused",
        arguments: [
            (
                "account: {password: hunter2secret, password_file: /p}",
                ["account.password (", "account.password_file (", "both set"]
            ),
            (
                "mqtt: {username: u, password: hunter2secret, password_file: /p}",
                ["mqtt.password (", "mqtt.password_file ("]
            ),
            ("mqtt: {url: 'mqtt://u:hunter2secret@h', username: u}", ["mqtt.username (", "both give a user name"]),
            (
                "mqtt: {url: 'mqtt://u:hunter2secret@h', password: hunter2secret}",
                ["mqtt.password (", "both give a password"]
            ),
            (
                "mqtt: {url: 'mqtt://u:hunter2secret@h', password_file: /p}",
                ["mqtt.password_file (", "both give a password"]
            ),
            ("mqtt: {password: hunter2secret}", ["mqtt.password (", "without mqtt.username"]),
            ("mqtt: {url: 'mqtts://h', cert_file: /p}", ["mqtt.cert_file (", "without mqtt.key_file"]),
            ("mqtt: {url: 'mqtts://h', key_file: /p}", ["mqtt.key_file (", "without mqtt.cert_file"]),
            ("mqtt: {ca_file: /p}", ["mqtt.ca_file (", "write mqtts://"]),
        ]
    )
    func contradictions(yaml: String, parts: [String]) throws {
        let error = try loadingError(yaml, files: ["/p": "from a file"])
        #expect(error.problems.count == 1, "\(error)")
        #expect(error.exitCode == 78)
        for part in parts { #expect(error.description.contains(part)) }
        #expect(!error.description.contains("hunter2secret"))
    }

    @Test("Bridges that share a state file have files of their own, however alike their base topics are")
    func ownFiles() throws {
        let names = try ["evohome", "a/b", "a_b", "a%2Fb", "a%252Fb"].map { base in
            "\(try load(flags: ["mqtt.base_topic": base, "state.file": "/data/state.json"]).settings.journal)"
        }
        #expect(names[0] == "/data/state.json.evohome.journal")
        #expect(names[1] == "/data/state.json.a%2Fb.journal")
        #expect(Set(names).count == names.count)
    }

    @Test(
        "The vendor's hosts are polled every 60 seconds at the most, others as often as you like",
        arguments: [
            ("https://tccna.resideo.com", "59s", false), ("https://tccna.resideo.com", "60s", true),
            ("https://TCCNA.Resideo.com", "59s", false), ("https://tccna.honeywell.com", "1s", false),
            ("https://international.mytotalconnectcomfort.com", "1s", false), ("https://resideo.com", "1s", false),
            ("https://tccna.resideo.com.", "1s", false),
            ("https://notresideo.com", "1s", true), ("https://cloud.example", "1s", true),
            ("http://localhost:8480", "1s", true),
        ]
    )
    func pollInterval(url: String, interval: String, isAllowed: Bool) throws {
        let flags: [SettingKey: String] = ["cloud.url": url, "cloud.poll_interval": interval]
        if isAllowed {
            #expect(throws: Never.self) { try load(flags: flags) }
        } else {
            let sentence = try loadingError(flags: flags).description
            #expect(
                sentence.hasPrefix("cloud.poll_interval is \(interval) (from --cloud-poll-interval), but must be 60s")
            )
        }
    }

    @Test(
        "Documents for other readers are apart from Home Assistant's and from states",
        arguments: [
            ("homeassistant", "home_assistant.discovery_prefix"),
            ("homeassistant/other", "home_assistant.discovery_prefix"),
            ("evohome", "mqtt.base_topic"), ("evohome/domoticz", "mqtt.base_topic"),
        ]
    )
    func componentsPrefix(prefix: String, key: String) throws {
        let sentence = try loadingError(flags: ["discovery.components_prefix": prefix]).description
        #expect(sentence.contains("--discovery-components-prefix) is \(prefix), but must be apart from \(key)"))
        for good in ["domoticz", "evohome2", "home", "off"] {
            let settings = try load(flags: ["discovery.components_prefix": good]).settings
            #expect(settings.otherDiscovery.componentsPrefix == (good == "off" ? nil : good))
        }
    }

    @Test(
        "Devices lead to the page where a setting or the address that is listened at says how it is reached",
        arguments: [
            (["http.listen": "192.168.1.5:8080"], PageAddress(url: "http://192.168.1.5:8080/")),
            (["http.listen": "[fd00::5]:8080"], PageAddress(url: "http://[fd00::5]:8080/")),
            (
                ["http.listen": "0.0.0.0:8080", "http.url": "HTTPS://heating.example.com"],
                PageAddress(url: "https://heating.example.com/")
            ),
            (
                ["http.listen": "0.0.0.0:8080", "http.url": "homeassistant://local_evohome_mqtt"],
                PageAddress(panel: "local_evohome_mqtt")
            ),
            (["http.url": "https://heating.example.com"], nil),
            (["http.listen": "127.0.0.1:8080"], nil), (["http.listen": "[::1]:8080"], nil),
            (["http.listen": "localhost:8080"], nil), (["http.listen": "heating:8080"], nil),
            (["http.listen": "0.0.0.0:8080"], nil), (["http.listen": "[::]:8080"], nil),
            (["http.listen": "[0:0::0]:8080"], nil), (["http.listen": "192.168.1.5:0"], nil),
            (["http.listen": "[fe80::1%25eth0]:8080"], nil),
        ] as [([SettingKey: String], PageAddress?)]
    )
    func page(flags: [SettingKey: String], page: PageAddress?) throws {
        #expect(try load(flags: flags).settings.http.page == page)
    }

    @Test("A refused address is told once, and no rule judges the default in its place")
    func refusedAddress() throws {
        let error = try loadingError(flags: ["cloud.url": "nonsense", "cloud.poll_interval": "1s"])
        #expect(error.problems.count == 1)
    }

    @Test(
        "A password file gives up one line break at its end, and no more",
        arguments: [
            ("secret", "secret"), ("secret\n", "secret"), ("secret\r\n", "secret"), (" secret \n", " secret "),
            ("pä\n", "pä"), ("\u{FEFF}secret\n", "secret"),
        ]
    )
    func passwordFile(content: String, password: String) throws {
        let loaded = try load("account: {password_file: /p}", files: ["/p": content])
        #expect(loaded.settings.account.password == Secret(password))
        #expect(try loaded.row("account.password").value == "<secret>")
        #expect(try loaded.row("account.password").source == .file(path: "/test/settings.yaml", line: 1))
    }

    @Test(
        "A password file that is empty or has more than a line is refused",
        arguments: ["", "\n", "hunter2\nsecret", "hunter2\n\n"]
    )
    func badPasswordFile(content: String) throws {
        let error = try loadingError("account: {password_file: /p}", files: ["/p": content])
        #expect(error.description.contains("account.password_file"))
        #expect(!error.description.contains("hunter2"))
    }

    @Test(
        "Files that are named and missing end with 66",
        arguments: [
            "account: {password_file: /missing}", "cloud: {ca_file: /missing}",
            "mqtt: {url: 'mqtts://h', ca_file: /missing}",
        ]
    )
    func missingFiles(yaml: String) throws {
        let error = try loadingError(yaml)
        #expect(error.exitCode == 66)
        #expect(error.description.contains("/missing, which does not exist"))
    }

    @Test("User and password of the broker's address are decoded, and its port follows from the scheme")
    func brokerURL() throws {
        let mqtt = try load(flags: ["mqtt.url": "mqtts://some%20one:p%40ss%3aw%2ford@[::1]/"]).settings.mqtt
        #expect(mqtt.isTLS)
        #expect(mqtt.broker == Endpoint("[::1]:8883", defaultPort: nil))
        #expect(mqtt.username == "some one")
        #expect(mqtt.password == Secret("p@ss:w/ord"))
        #expect(try load(flags: ["mqtt.url": "mqtt://me@broker"]).settings.mqtt.password == nil)
    }

    @Test(
        "An IPv6 address may name the interface that it is reached by",
        arguments: [
            ("mqtt://[fe80::1%25eth0]:1884", "fe80::1%eth0", 1884),
            ("mqtts://me@[fe80::1%wlan0.2]", "fe80::1%wlan0.2", 8883),
            ("mqtt://[fe80::1%252]", "fe80::1%2", 1883), ("mqtt://[::ffff:192.0.2.1]", "::ffff:192.0.2.1", 1883),
        ]
    )
    func scopes(url: String, host: String, port: Int) throws {
        let broker = try load(flags: ["mqtt.url": url]).settings.mqtt.broker
        #expect(broker.host == host && broker.port == port)
        #expect(Endpoint(broker.description, defaultPort: nil) == broker)
    }

    @Test(
        "MQTT over WebSockets is refused in words",
        arguments: ["ws://broker:9001", "wss://broker:443/mqtt", "WS://b"]
    )
    func webSockets(url: String) throws {
        let error = try loadingError(flags: ["mqtt.url": url])
        #expect(error.exitCode == 78)
        #expect(error.description.contains(url))
        #expect(error.description.contains("but must be mqtt:// or mqtts://"))
        #expect(error.description.contains("MQTT over WebSockets is not supported"))
    }

    @Test("A key that a command cannot do without is asked for by all its names")
    func missingKey() {
        let error = SettingsError(missing: "account.username", to: "log in")
        #expect(error.exitCode == 78)
        for name in ["account.username", "log in", "EVOHOME_ACCOUNT_USERNAME", "--account-username"] {
            #expect(error.description.contains(name))
        }
    }
}
