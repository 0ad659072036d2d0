import Testing

@testable import evohome_mqtt

@Suite("Every setting, from every source")
struct SettingsTableTests {
    /// A good value, and bad ones, of every key.
    private static let values: [SettingKey: (good: String, bad: [String])] = [
        "account.username": ("someone@example.com", ["a\u{0}b"]),
        "account.password": (" with spaces ", ["two\nlines", String(repeating: "x", count: 5000)]),
        "account.password_file": ("/files/password", ["a\u{0}b"]),
        "cloud.url": (
            "http://127.0.0.1:8480",
            [
                "http://example.com", "ftp://example.com", "https://", "https://a b", "https://h/p",
                "http://127.evil.com", "https://h:0", "https://u@h",
            ]
        ),
        "cloud.poll_interval": (
            "90s",
            ["0s", "1x", "-5s", "1.5h", "1m1h", "1h1h", "s", "36501d", "P1M", "next", "99999999999999999999s", "1 h"]
        ),
        "cloud.request_timeout": ("1s", ["0s", "soon"]),
        "cloud.fallback_urls": ("https://a.example, https://b.example:8443", ["http://a.example", "a.example"]),
        "cloud.ca_file": ("/files/ca.pem", ["a\u{0}b"]),
        "cloud.locations": ("Home, 123", ["a\u{0}b"]),
        "cloud.unavailable_after": ("PT1H30M", ["never", "1h30"]),
        "cloud.high_precision": ("ON", ["maybe"]),
        "cloud.schedules_interval": ("0", ["-1s", "-1", "off", "1h 1m"]),
        "cloud.installation_interval": ("3d", ["0s"]),
        "mqtt.url": (
            "mqtts://broker.example:8884",
            [
                "broker", "http://h", "mqtt://", "mqtt://h:65536", "mqtt://h:", "mqtt://h/x", "mqtt://[::1",
                "mqtt://:p@h", "mqtt://u%zz@h", "mqtt://u:%00@h", "mqtt://a@b@c",
                "mqtt://[fe80::1%25]", "mqtt://[fe80::1%25e/th]", "mqtt://[fe80::1%25interface-too-long]",
            ]
        ),
        "mqtt.username": ("someone", ["a\u{7}b"]),
        "mqtt.password": ("hunter2secret", ["two\nlines"]),
        "mqtt.password_file": ("/files/password", ["a\u{0}b"]),
        "mqtt.client_id": ("bridge-1", ["a\u{0}b"]),
        "mqtt.ca_file": ("/files/ca.pem", ["a\u{0}b"]),
        "mqtt.cert_file": ("/files/ca.pem", ["a\u{0}b"]),
        "mqtt.key_file": ("/files/ca.pem", ["a\u{0}b"]),
        "mqtt.tls_insecure": ("yes", ["perhaps", "2"]),
        "mqtt.protocol": ("3.1.1", ["4", "3.1", "5.0"]),
        "mqtt.base_topic": (
            "home/heating", ["a/#", "+", "$SYS", "/a", "a/", "a//b", "a\u{0}b", String(repeating: "x", count: 257)]
        ),
        "mqtt.topic_ids": ("id", ["both"]),
        "mqtt.output": ("attributes", ["xml"]),
        "mqtt.qos": ("2", ["3", "-1", "1.0", "one"]),
        "mqtt.session_expiry": ("2h", ["0s"]),
        "state.file": ("/files/state.json", ["a\u{0}b"]),
        "home_assistant.discovery": ("off", ["si"]),
        "home_assistant.discovery_prefix": ("ha", ["ha/#"]),
        "discovery.components_prefix": ("domoticz", ["a/#", "/a", "on", "true"]),
        "commands.expiry": ("1m", ["0m"]),
        "commands.per_minute": ("100000", ["0", "100001", "many"]),
        "http.listen": ("127.0.0.1:0", ["8080", "127.0.0.1", "127.0.0.1:70000", "host:http"]),
        "http.url": (
            "https://heating.example.com:8443/evohome",
            [
                "heating.local", "ftp://h/", "http://", "http:///x", "http://h:0/", "http://h:70000", "http://u:p@h",
                "http://h/?q", "http://h/#part", "http://h/a b", "homeassistant://", "homeassistant://a/b",
            ]
        ),
        "http.password": ("hunter2secret", ["two\nlines"]),
        "http.password_file": ("/files/password", ["a\u{0}b"]),
        "http.hosts": (
            "heating.example.com, heating.lan", ["heating.example.com:8080", "http://heating", "a b", "[::1]"]
        ),
        "http.trusted_proxies": ("172.30.32.2, fd00::1", ["proxy.lan", "172.30.32.0/24", "1.2.3"]),
        "share.listen": ("127.0.0.1:0", ["8443", "127.0.0.1", "host:https"]),
        "share.username": ("someone", ["a\u{7}b"]),
        "share.password": ("hunter2secret", ["two\nlines"]),
        "share.password_file": ("/files/password", ["a\u{0}b"]),
        "share.cert_file": ("/files/ca.pem", ["a\u{0}b"]),
        "share.key_file": ("/files/ca.pem", ["a\u{0}b"]),
        "share.writes": ("no", ["perhaps"]),
        "log.level": ("Debug", ["loud"]),
        "log.format": ("json", ["xml"]),
    ]

    /// What else a key needs to stand by itself.
    private static let companions: [SettingKey: [SettingKey: String]] = [
        "mqtt.password": ["mqtt.username": "someone"],
        "mqtt.password_file": ["mqtt.username": "someone"],
        "mqtt.ca_file": ["mqtt.url": "mqtts://broker"],
        "mqtt.cert_file": ["mqtt.url": "mqtts://broker", "mqtt.key_file": "/files/key.pem"],
        "mqtt.key_file": ["mqtt.url": "mqtts://broker", "mqtt.cert_file": "/files/cert.pem"],
        "share.listen": ["share.password": "sesame"],
        "share.cert_file": ["share.key_file": "/files/key.pem"],
        "share.key_file": ["share.cert_file": "/files/cert.pem"],
    ]

    private static let files = [
        "/files/password": "from a file\n", "/files/ca.pem": "x", "/files/cert.pem": "x", "/files/key.pem": "x",
    ]

    @Test("A good value is taken, and its source is told", arguments: SettingKey.all, GivenBy.allCases)
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
        #expect(row.value == (try setting(key).values.privacy == .secret ? "<secret>" : text))
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
        arguments: SettingKey.all,
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
            #expect(sentence.hasSuffix("but must be \(try setting(key).values.allowed)."))
            #expect(
                sentence.contains(
                    source == .flag ? "--\(key.flagName)" : source == .environment ? key.environmentName : "line 2"
                )
            )
            if try setting(key).values.privacy == .secret { #expect(!sentence.contains(text)) }
        }
    }

    @Test("Every default is allowed by its own form, and every text is a sentence")
    func defaults() throws {
        var reader = SettingsReader(layers: [], home: nil)
        #expect(throws: Never.self) { try Settings(&reader) }
        #expect(reader.settings.count == Setting.all.count)
        #expect(reader.problems.isEmpty)
        for setting in Setting.all { #expect(setting.help.hasSuffix("."), "\(setting.key)") }
    }

    @Test("A duration without a unit is refused with a sentence that says so", arguments: GivenBy.allCases)
    func bareDuration(source: GivenBy) throws {
        for key in SettingKey.all where try setting(key).values.allowed.contains("duration") {
            let sentence = try #require(throws: SettingsError.self) { try source.load(key, "180") }.description
            #expect(sentence.hasPrefix("\(key.name) is 180 (from "))
            #expect(sentence.hasSuffix("but must be a duration with a unit, such as 180s or 3m."))
        }
    }

    @Test(
        "One grammar of durations, and zero turns the reading of schedules off with or without a unit",
        arguments: [("90s", 90), ("3m", 180), ("PT3M", 180), ("1H30m", 5400), ("p1d", 86400), ("0", nil), ("0s", nil)]
            as [(String, Int?)]
    )
    func durations(text: String, seconds: Int?) throws {
        let loaded = try load(flags: ["cloud.schedules_interval": text])
        #expect(loaded.settings.cloud.schedulesInterval == seconds.map { .seconds($0) })
    }

    @Test("The names in the environment and of the flag follow from the key")
    func names() {
        let key: SettingKey = "home_assistant.discovery_prefix"
        #expect(key.environmentName == "EVOHOME_HOME_ASSISTANT_DISCOVERY_PREFIX")
        #expect(key.flagName == "home-assistant-discovery-prefix")
        #expect(Set(SettingKey.all.map(\.flagName)).count == SettingKey.all.count)
    }

    private func setting(_ key: SettingKey) throws -> Setting { try #require(Setting.named(key)) }
}
