import Logging
import Observability

extension SettingKey {
    /// The row of the table: what the key holds, its default, and what it is for.
    var definition: SettingDefinition {
        switch self {
        case .accountUsername:
            .optional(
                .secret,
                example: "me@example.com",
                "The user name of the Total Connect Comfort account.",
                isSecret: true
            )
        case .accountPassword:
            .optional(
                .secret,
                example: "secret",
                "Its password; not needed once `login` has saved tokens.",
                isSecret: true
            )
        case .accountPasswordFile:
            .optional(
                .path,
                example: "/run/secrets/evohome",
                "A file that holds the password instead, for container secrets."
            )

        case .cloudURL:
            .defaulted(
                .cloudURL,
                "https://tccna.resideo.com",
                "Where the vendor's cloud is; plain http only on loopback."
            )
        case .cloudPollInterval:
            .defaulted(.duration, "180s", "How often the status is read; 60s at the least against the vendor's hosts.")
        case .cloudRequestTimeout:
            .defaulted(.duration, "30s", "How long a call to the cloud may take, its answer's body included.")
        case .cloudCAFile:
            .optional(
                .path,
                example: "/config/cloud-ca.pem",
                "The certificates to trust for the cloud instead of the system's."
            )
        case .cloudLocations:
            .optional(
                .list,
                example: "[Home, 1234567]",
                "The locations to serve, by id or name; all of them if left out."
            )
        case .cloudUnavailableAfter:
            .defaulted(.duration, "30m", "How old the last good answer may be before a site is offline.")
        case .cloudHighPrecision:
            .defaulted(
                .choice(HighPrecision.self),
                "auto",
                "Readings of 0.01 °C through the older API."
            )
        case .cloudSchedulesInterval:
            .defaulted(.durationOrOff, "24h", "How often schedules are read again; 0 turns it off.")
        case .cloudInstallationInterval:
            .defaulted(.duration, "24h", "How often the installation is read again.")

        case .mqttURL:
            .defaulted(
                .brokerURL,
                "mqtt://localhost:1883",
                "The broker: mqtt://, or mqtts:// for TLS; may hold user:password@."
            )
        case .mqttUsername:
            .optional(.text, example: "evohome", "The user name at the broker.")
        case .mqttPassword:
            .optional(.secret, example: "secret", "The password at the broker.", isSecret: true)
        case .mqttPasswordFile:
            .optional(.path, example: "/run/secrets/mqtt", "A file that holds the broker's password instead.")
        case .mqttClientID:
            .optional(.text, example: "evohome-mqtt", "The client identifier; of the program's own making if left out.")
        case .mqttCAFile:
            .optional(
                .path,
                example: "/config/mqtt-ca.pem",
                "The certificates to trust for the broker instead of the system's."
            )
        case .mqttCertificateFile:
            .optional(.path, example: "/config/client.pem", "The client's certificate; needs mqtt.key_file.")
        case .mqttKeyFile:
            .optional(
                .path,
                example: "/config/client.key",
                "The key of the client's certificate; needs mqtt.cert_file."
            )
        case .mqttTLSInsecure:
            .defaulted(.boolean, "false", "Accepts a broker's certificate for any host name: for tests only.")
        case .mqttProtocol:
            .defaulted(
                .choice(MQTTProtocol.self),
                "auto",
                "The version of MQTT; auto is 5, or 3.1.1 where 5 is refused."
            )
        case .mqttBaseTopic:
            .defaulted(.topic, "evohome", "The topic that all others are under.")
        case .mqttTopicIDs:
            .defaulted(.choice(TopicIDs.self), "name", "What stands for sites and zones in topics.")
        case .mqttOutput:
            .defaulted(.choice(MQTTOutput.self), "both", "JSON topics, a topic for each attribute, or both.")
        case .mqttQoS:
            .defaulted(.integer(0...2), "1", "The quality of service of what is published.")
        case .mqttSessionExpiry:
            .defaulted(
                .duration,
                "1h",
                "How long the broker keeps commands while the bridge is away, commands.expiry at most (MQTT 5 only)."
            )

        case .stateFile:
            .optional(
                .path,
                example: "/data/evohome-mqtt.json",
                "Tokens and what else outlives a restart; else under /data, $XDG_STATE_HOME or ~/.local/state."
            )
        case .homeAssistantDiscovery:
            .defaulted(.boolean, "true", "Announces everything to Home Assistant.")
        case .homeAssistantDiscoveryPrefix:
            .defaulted(.topic, "homeassistant", "The topic that Home Assistant looks for devices under.")
        case .commandsExpiry:
            .defaulted(.duration, "10m", "How long a command waits for a cloud that is away.")
        case .commandsPerMinute:
            .defaulted(.integer(1...100_000), "30", "Writes a minute for each gateway; more of them wait.")
        case .httpListen:
            .defaulted(.listenAddress, "off", "Where /health, /ready and /metrics are served.")
        case .logLevel:
            .defaulted(.choice(Logger.Level.self), "info", "What is logged at the least.")
        case .logFormat:
            .defaulted(.choice(LogFormat.self), "text", "Lines for people, or a JSON object a line.")
        }
    }
}
