import ArgumentParser
import Basics
import Foundation
import Observability

/// The flags of every command that has a configuration: `--config`, and one for each setting.
///
/// The parser wants a property for each option. Everything but its name comes from the table of settings, and a test
/// holds the two equal.
struct SettingsOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("The configuration file, in YAML.", valueName: "file"),
        completion: .file()
    )
    var configurationFile: String?

    @Option("account.username") var accountUsername: GivenFlag?
    @Option("account.password") var accountPassword: GivenFlag?
    @Option("account.password_file") var accountPasswordFile: GivenFlag?
    @Option("cloud.url") var cloudURL: GivenFlag?
    @Option("cloud.fallback_urls") var cloudFallbackURLs: GivenFlag?
    @Option("cloud.poll_interval") var cloudPollInterval: GivenFlag?
    @Option("cloud.request_timeout") var cloudRequestTimeout: GivenFlag?
    @Option("cloud.ca_file") var cloudCAFile: GivenFlag?
    @Option("cloud.locations") var cloudLocations: GivenFlag?
    @Option("cloud.unavailable_after") var cloudUnavailableAfter: GivenFlag?
    @Option("cloud.high_precision") var cloudHighPrecision: GivenFlag?
    @Option("cloud.schedules_interval") var cloudSchedulesInterval: GivenFlag?
    @Option("cloud.installation_interval") var cloudInstallationInterval: GivenFlag?
    @Option("mqtt.url") var mqttURL: GivenFlag?
    @Option("mqtt.username") var mqttUsername: GivenFlag?
    @Option("mqtt.password") var mqttPassword: GivenFlag?
    @Option("mqtt.password_file") var mqttPasswordFile: GivenFlag?
    @Option("mqtt.client_id") var mqttClientID: GivenFlag?
    @Option("mqtt.ca_file") var mqttCAFile: GivenFlag?
    @Option("mqtt.cert_file") var mqttCertificateFile: GivenFlag?
    @Option("mqtt.key_file") var mqttKeyFile: GivenFlag?
    @Option("mqtt.tls_insecure") var mqttTLSInsecure: GivenFlag?
    @Option("mqtt.protocol") var mqttProtocol: GivenFlag?
    @Option("mqtt.base_topic") var mqttBaseTopic: GivenFlag?
    @Option("mqtt.topic_ids") var mqttTopicIDs: GivenFlag?
    @Option("mqtt.output") var mqttOutput: GivenFlag?
    @Option("mqtt.qos") var mqttQoS: GivenFlag?
    @Option("mqtt.session_expiry") var mqttSessionExpiry: GivenFlag?
    @Option("state.file") var stateFile: GivenFlag?
    @Option("home_assistant.discovery") var homeAssistantDiscovery: GivenFlag?
    @Option("home_assistant.discovery_prefix") var homeAssistantDiscoveryPrefix: GivenFlag?
    @Option("discovery.components_prefix") var discoveryComponentsPrefix: GivenFlag?
    @Option("commands.expiry") var commandsExpiry: GivenFlag?
    @Option("commands.per_minute") var commandsPerMinute: GivenFlag?
    @Option("http.listen") var httpListen: GivenFlag?
    @Option("http.url") var httpURL: GivenFlag?
    @Option("http.password") var httpPassword: GivenFlag?
    @Option("http.password_file") var httpPasswordFile: GivenFlag?
    @Option("http.hosts") var httpHosts: GivenFlag?
    @Option("http.trusted_proxies") var httpTrustedProxies: GivenFlag?
    @Option("share.listen") var shareListen: GivenFlag?
    @Option("share.username") var shareUsername: GivenFlag?
    @Option("share.password") var sharePassword: GivenFlag?
    @Option("share.password_file") var sharePasswordFile: GivenFlag?
    @Option("share.cert_file") var shareCertificateFile: GivenFlag?
    @Option("share.key_file") var shareKeyFile: GivenFlag?
    @Option("share.writes") var shareWrites: GivenFlag?
    @Option("log.level") var logLevel: GivenFlag?
    @Option("log.format") var logFormat: GivenFlag?

    /// The values that were given on the command line.
    var flags: [SettingKey: String] {
        let given = Mirror(reflecting: self).children.compactMap { ($0.value as? Option<GivenFlag?>)?.wrappedValue }
        return Dictionary(given.map { ($0.key, $0.text.revealed) }, uniquingKeysWith: { $1 })
    }
}

/// A setting that was given on the command line.
struct GivenFlag: Sendable {
    let key: SettingKey
    /// Some are secret, so none is printed.
    let text: Secret
}

extension Option where Value == GivenFlag? {
    fileprivate init(_ key: SettingKey) {
        self = Setting.options[key] ?? Self(key, of: nil)
    }

    fileprivate init(_ key: SettingKey, of setting: Setting?) {
        let standard = setting?.defaultText.map { " (default: \($0))" } ?? ""
        self.init(
            name: .customLong(key.flagName),
            help: ArgumentHelp(
                "\(setting?.help ?? "")\(standard)",
                valueName: String(key.nameInSection.map { $0 == "_" ? "-" : $0 })
            ),
            completion: setting?.values.completion ?? .default
        ) { GivenFlag(key: key, text: Secret($0)) }
    }
}

extension Setting {
    /// Made once: the parser makes the flags of a command again and again.
    fileprivate static let options = Dictionary(
        uniqueKeysWithValues: all.map { ($0.key, Option<GivenFlag?>($0.key, of: $0)) }
    )
}

extension SettingValues {
    fileprivate var completion: CompletionKind {
        if isPath { return .file() }
        return words.isEmpty ? .default : .list(words)
    }
}

extension SettingsOptions {
    /// The settings that flags, environment and file add up to.
    ///
    /// - Parameter offered: What ``offer()`` found.
    func load(offered: [SettingKey: String] = [:]) throws(SettingsError) -> Settings.Loaded {
        try Settings.load(
            configurationFile: configurationFile,
            flags: flags,
            environment: ProcessInfo.processInfo.environment,
            offered: offered
        )
    }

    /// What Home Assistant's Supervisor offers, if the program runs under it: its broker if none is configured, and where
    /// Home Assistant shows the page if there is one.
    func offer() async throws -> [SettingKey: String] {
        guard let supervisor = Supervisor(environment: ProcessInfo.processInfo.environment) else { return [:] }
        let loaded = try load()
        let isGiven = { key in loaded.effective.rows.contains { $0.key == key && $0.source != .standard } }
        var offered = isGiven("mqtt.url") ? [:] : try await supervisor.broker()
        if loaded.settings.http.listen != nil, !isGiven("http.url") { offered["http.url"] = await supervisor.page() }
        return offered
    }
}
