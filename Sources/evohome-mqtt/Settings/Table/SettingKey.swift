/// Every key of the configuration, by its dotted name. What each one is stands in `definition`.
///
/// The names in the file, the environment and the flags, the example file, the schema and the list of effective values
/// all come from here, so a key that is added here is added everywhere.
enum SettingKey: String, CaseIterable, Sendable {
    case accountUsername = "account.username"
    case accountPassword = "account.password"
    case accountPasswordFile = "account.password_file"
    case cloudURL = "cloud.url"
    case cloudPollInterval = "cloud.poll_interval"
    case cloudRequestTimeout = "cloud.request_timeout"
    case cloudCAFile = "cloud.ca_file"
    case cloudLocations = "cloud.locations"
    case cloudUnavailableAfter = "cloud.unavailable_after"
    case cloudHighPrecision = "cloud.high_precision"
    case cloudSchedulesInterval = "cloud.schedules_interval"
    case cloudInstallationInterval = "cloud.installation_interval"
    case mqttURL = "mqtt.url"
    case mqttUsername = "mqtt.username"
    case mqttPassword = "mqtt.password"
    case mqttPasswordFile = "mqtt.password_file"
    case mqttClientID = "mqtt.client_id"
    case mqttCAFile = "mqtt.ca_file"
    case mqttCertificateFile = "mqtt.cert_file"
    case mqttKeyFile = "mqtt.key_file"
    case mqttTLSInsecure = "mqtt.tls_insecure"
    case mqttProtocol = "mqtt.protocol"
    case mqttBaseTopic = "mqtt.base_topic"
    case mqttTopicIDs = "mqtt.topic_ids"
    case mqttOutput = "mqtt.output"
    case mqttQoS = "mqtt.qos"
    case mqttSessionExpiry = "mqtt.session_expiry"
    case stateFile = "state.file"
    case homeAssistantDiscovery = "home_assistant.discovery"
    case homeAssistantDiscoveryPrefix = "home_assistant.discovery_prefix"
    case commandsExpiry = "commands.expiry"
    case commandsPerMinute = "commands.per_minute"
    case httpListen = "http.listen"
    case logLevel = "log.level"
    case logFormat = "log.format"
}

extension SettingKey {
    /// The key in the dotted form that messages, the file and its documentation use.
    var name: String { rawValue }

    /// The part before the dot: the section of the file that holds the key.
    var section: String { String(name.prefix { $0 != "." }) }

    /// The part after the dot: the key within its section.
    var nameInSection: String { String(name.dropFirst(section.count + 1)) }

    /// The environment variable that sets the key.
    var environmentName: String { "EVOHOME_" + name.uppercased().replacing(".", with: "_") }

    /// The command-line flag that sets the key, without its two dashes.
    var flagName: String { String(name.map { $0 == "." || $0 == "_" ? "-" : $0 }) }

    /// The sections of the file in the order of the table.
    static let sections: [String] = allCases.reduce(into: []) { sections, key in
        if sections.last != key.section { sections.append(key.section) }
    }
}
