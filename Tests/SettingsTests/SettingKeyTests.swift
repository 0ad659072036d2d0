import Testing

@testable import evohome_mqtt

@Suite("Every key, by every source")
struct SettingKeyTests {
    /// A good value, and bad ones, of every key.
    private static let values: [SettingKey: (good: String, bad: [String])] = [
        .accountUsername: ("someone@example.com", ["a\u{0}b"]),
        .accountPassword: (" with spaces ", ["two\nlines", String(repeating: "x", count: 5000)]),
        .accountPasswordFile: ("/files/password", ["a\u{0}b"]),
        .cloudURL: (
            "http://127.0.0.1:8480",
            [
                "http://example.com", "ftp://example.com", "https://", "https://a b", "https://h/p",
                "http://127.evil.com", "https://h:0", "https://u@h",
            ]
        ),
        .cloudPollInterval: (
            "90s", ["0", "0s", "1x", "-5s", "1.5h", "1m1h", "1h1h", "s", "36501d", "99999999999999999999s", "1 h"]
        ),
        .cloudRequestTimeout: ("1s", ["0s", "soon"]),
        .cloudCAFile: ("/files/ca.pem", ["a\u{0}b"]),
        .cloudLocations: ("Home, 123", ["a\u{0}b"]),
        .cloudUnavailableAfter: ("1h30m", ["never"]),
        .cloudHighPrecision: ("ON", ["maybe"]),
        .cloudSchedulesInterval: ("0", ["-1", "off"]),
        .cloudInstallationInterval: ("3d", ["0"]),
        .mqttURL: (
            "mqtts://broker.example:8884",
            [
                "broker", "http://h", "mqtt://", "mqtt://h:65536", "mqtt://h:", "mqtt://h/x", "mqtt://[::1",
                "mqtt://:p@h", "mqtt://u%zz@h", "mqtt://u:%00@h", "mqtt://a@b@c",
            ]
        ),
        .mqttUsername: ("someone", ["a\u{7}b"]),
        .mqttPassword: ("hunter2secret", ["two\nlines"]),
        .mqttPasswordFile: ("/files/password", ["a\u{0}b"]),
        .mqttClientID: ("bridge-1", ["a\u{0}b"]),
        .mqttCAFile: ("/files/ca.pem", ["a\u{0}b"]),
        .mqttCertificateFile: ("/files/ca.pem", ["a\u{0}b"]),
        .mqttKeyFile: ("/files/ca.pem", ["a\u{0}b"]),
        .mqttTLSInsecure: ("yes", ["perhaps", "2"]),
        .mqttProtocol: ("3.1.1", ["4", "3.1", "5.0"]),
        .mqttBaseTopic: (
            "home/heating", ["a/#", "+", "$SYS", "/a", "a/", "a//b", "a\u{0}b", String(repeating: "x", count: 257)]
        ),
        .mqttTopicIDs: ("id", ["both"]),
        .mqttOutput: ("attributes", ["xml"]),
        .mqttQoS: ("2", ["3", "-1", "1.0", "one"]),
        .mqttSessionExpiry: ("2h", ["0"]),
        .stateFile: ("/files/state.json", ["a\u{0}b"]),
        .homeAssistantDiscovery: ("off", ["si"]),
        .homeAssistantDiscoveryPrefix: ("ha", ["ha/#"]),
        .commandsExpiry: ("1m", ["0m"]),
        .commandsPerMinute: ("100000", ["0", "100001", "many"]),
        .httpListen: ("127.0.0.1:0", ["8080", "127.0.0.1", "127.0.0.1:70000", "host:http"]),
        .logLevel: ("Debug", ["loud"]),
        .logFormat: ("json", ["xml"]),
    ]

    /// What else a key needs to stand by itself.
    private static let companions: [SettingKey: [SettingKey: String]] = [
        .mqttPassword: [.mqttUsername: "someone"],
        .mqttPasswordFile: [.mqttUsername: "someone"],
        .mqttCAFile: [.mqttURL: "mqtts://broker"],
        .mqttCertificateFile: [.mqttURL: "mqtts://broker", .mqttKeyFile: "/files/key.pem"],
        .mqttKeyFile: [.mqttURL: "mqtts://broker", .mqttCertificateFile: "/files/cert.pem"],
    ]

    private static let files = [
        "/files/password": "from a file\n", "/files/ca.pem": "x", "/files/cert.pem": "x", "/files/key.pem": "x",
    ]

    @Test("A good value is taken, and its source is told", arguments: SettingKey.allCases, GivenBy.allCases)
    func good(key: SettingKey, source: GivenBy) throws {
        let text = try #require(Self.values[key]).good
        let others = Self.companions[key] ?? [:]
        let loaded =
            switch source {
            case .flag:
                try load(flags: others.merging([key: text]) { $1 }, files: Self.files)
            case .environment:
                try load(flags: others, environment: [key.environmentName: text], files: Self.files)
            case .file:
                try load(GivenBy.yaml(key, text), flags: others, files: Self.files)
            }
        let row = try loaded.row(key)
        #expect(row.value == (key.definition.isSecret ? "<secret>" : text))
        let expected: SettingSource =
            switch source {
            case .flag: .flag(key)
            case .environment: .environment(key)
            case .file: .file(path: "/test/settings.yaml", line: 2)
            }
        #expect(row.source == expected)
    }

    @Test(
        "A bad value is refused with its key, value, source and what is allowed",
        arguments: SettingKey.allCases,
        GivenBy.allCases
    )
    func bad(key: SettingKey, source: GivenBy) throws {
        // A NUL cannot stand in an environment, a YAML file or an argument; the other control characters can, but YAML
        // takes them in double quotes only.
        for text in try #require(Self.values[key]).bad {
            if source == .file, text.unicodeScalars.contains(where: { $0.value < 32 }) { continue }
            let error = try #require(throws: SettingsError.self, "\(text)") {
                try source.load(key, text, files: Self.files)
            }
            #expect(error.exitCode == 78)
            let sentence = try #require(error.problems.first?.sentence)
            #expect(error.problems.count == 1, "\(error)")
            #expect(sentence.hasPrefix("\(key.name) "))
            #expect(sentence.hasSuffix("but must be \(key.definition.kind.allowed)."))
            #expect(
                sentence.contains(
                    source == .flag ? "--\(key.flagName)" : source == .environment ? key.environmentName : "line 2"
                )
            )
            if key.definition.isSecret { #expect(!sentence.contains(text)) }
        }
    }

    @Test("Every default is a good value", arguments: SettingKey.allCases)
    func defaults(key: SettingKey) throws {
        if let text = key.definition.defaultText {
            #expect(throws: Never.self) { try key.definition.kind.parse(.text(text)) }
        }
        #expect(key.definition.documentation.hasSuffix("."))
    }

    @Test("The names of the environment and the flags follow from the key")
    func names() {
        #expect(SettingKey.homeAssistantDiscoveryPrefix.environmentName == "EVOHOME_HOME_ASSISTANT_DISCOVERY_PREFIX")
        #expect(SettingKey.homeAssistantDiscoveryPrefix.flagName == "home-assistant-discovery-prefix")
        #expect(Set(SettingKey.allCases.map(\.flagName)).count == SettingKey.allCases.count)
    }
}
