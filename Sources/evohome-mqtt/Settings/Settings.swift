import Basics
import BridgeCore
import HTTPServing
import Logging
import MosquittoClient
import Observability
import SystemPackage
import WebInterface

/// Everything that flags, environment and configuration file say, checked and typed.
///
/// A new setting is a property here and a row in `init(_:)` below; the flag is a line in ``SettingsOptions``. No secret
/// can be printed: secrets are of a type that cannot.
struct Settings: Sendable, Hashable {
    /// Who the bridge is to the cloud. Both can be missing: a state file with a refresh token needs neither.
    struct Account: Sendable, Hashable {
        let username: Secret?
        /// As given, or read from the password file.
        var password: Secret?
        let passwordFile: FilePath?
    }

    /// How the cloud is read.
    struct Cloud: Sendable, Hashable {
        let url: CloudURL
        /// Other addresses of the same cloud, in the order in which they are tried.
        let fallbackURLs: [CloudURL]
        /// At least 60 seconds with the vendor's hosts, else one second.
        let pollInterval: Duration
        let requestTimeout: Duration
        /// Certificates to trust instead of the system's.
        let caFile: FilePath?
        /// Ids or names of the locations to serve; empty for all.
        let locations: [String]
        let unavailableAfter: Duration
        let highPrecision: HighPrecision
        /// `nil` if schedules are not read.
        let schedulesInterval: Duration?
        let installationInterval: Duration
    }

    /// How the broker is reached, and what is published there.
    struct MQTT: Sendable, Hashable {
        let url: BrokerURL
        /// From `mqtt.username` or the address.
        var username: String?
        /// From `mqtt.password`, `mqtt.password_file` or the address.
        var password: Secret?
        let passwordFile: FilePath?
        let clientID: String?
        let caFile: FilePath?
        /// Set together with the key file or not at all.
        let certificateFile: FilePath?
        let keyFile: FilePath?
        let tlsInsecure: Bool
        let protocolVersion: MQTTConfiguration.Version
        let baseTopic: String
        let topicIDs: TopicLayout.Naming
        let output: StateOutput
        /// 0, 1 or 2.
        let qos: Int
        let sessionExpiry: Duration

        var broker: Endpoint { url.endpoint }
        var isTLS: Bool { url.scheme == .mqtts }
    }

    struct State: Sendable, Hashable {
        /// Never empty once the settings are loaded.
        var file: FilePath
    }

    struct HomeAssistant: Sendable, Hashable {
        let discovery: Bool
        let discoveryPrefix: String
    }

    /// Readers of discovery beside Home Assistant.
    struct Discovery: Sendable, Hashable {
        /// `nil` if nothing is announced to readers that know no devices.
        let componentsPrefix: String?
    }

    struct Commands: Sendable, Hashable {
        let expiry: Duration
        /// Writes a minute for each gateway, from 1 to 100,000.
        let perMinute: Int
    }

    struct HTTP: Sendable, Hashable {
        /// `nil` if nothing is served.
        let listen: ListenAddress?
        /// Where people open the page, as far as somebody said so.
        let url: PageAddress?
        /// As given, or read from the password file; `nil` if the page answers loopback and trusted proxies only.
        var password: Secret?
        let passwordFile: FilePath?
        /// Host names that the page may be asked by, in lower case, beside addresses, `localhost` and `*.local`.
        let hosts: [String]
        let trustedProxies: [NetworkAddress]
    }

    /// How the vendor's interface is served to other programs.
    struct Share: Sendable, Hashable {
        /// `nil` if nothing is shared.
        let listen: ListenAddress?
        let username: String
        /// As given, or read from the password file.
        var password: Secret?
        let passwordFile: FilePath?
        /// Set together with the key file or not at all.
        let certificateFile: FilePath?
        let keyFile: FilePath?
        /// Whether other programs may change anything.
        let writes: Bool
    }

    struct Log: Sendable, Hashable {
        let level: Logger.Level
        let format: LogFormat
    }

    var account: Account
    let cloud: Cloud
    var mqtt: MQTT
    var state: State
    let homeAssistant: HomeAssistant
    let otherDiscovery: Discovery
    let commands: Commands
    var http: HTTP
    var share: Share
    let log: Log
}

extension Settings {
    /// The table of settings, in the order of the file: key, form, default (or an example for what has none) and text.
    ///
    /// Names in the environment and of flags, the example file, the JSON schema, the help and the list of effective values
    /// follow from these rows.
    ///
    /// - Parameter read: Reads each row from the sources, and keeps what is wrong with their values.
    /// - Throws: For a default that its own form does not allow: a mistake in the table, not the user's.
    init(_ read: inout SettingsReader) throws(SettingsError) {
        account = Account(
            username: read(
                "account.username",
                .secret,
                example: "me@example.com",
                "User name of the Total Connect Comfort account."
            ),
            password: read(
                "account.password",
                .secret,
                example: "secret",
                "Password of the account; not needed once `login` has saved tokens."
            ),
            passwordFile: read(
                "account.password_file",
                .path,
                example: "/run/secrets/evohome",
                "File that contains the password, for container secrets."
            )
        )
        cloud = try Cloud(
            url: read(
                "cloud.url",
                .cloudURL,
                default: "https://tccna.resideo.com",
                "Address of the vendor's cloud; plain http only on loopback."
            ),
            fallbackURLs: read(
                "cloud.fallback_urls",
                .cloudURLs,
                example: "[https://cloud.example.com]",
                "Other addresses of the same cloud, tried in turn while the first cannot be reached."
            ) ?? [],
            pollInterval: read(
                "cloud.poll_interval",
                .duration,
                default: "180s",
                "How often to read the status; at least 60s with the vendor's hosts."
            ),
            requestTimeout: read(
                "cloud.request_timeout",
                .duration,
                default: "30s",
                "How long a request to the cloud may take, including the response body."
            ),
            caFile: read(
                "cloud.ca_file",
                .path,
                example: "/config/cloud-ca.pem",
                "CA certificates to trust for the cloud, instead of the system's."
            ),
            locations: read(
                "cloud.locations",
                .list,
                example: "[Home, 1234567]",
                "Locations to serve, by name or id; all of them if not set."
            ) ?? [],
            unavailableAfter: read(
                "cloud.unavailable_after",
                .duration,
                default: "30m",
                "Age of the last good answer at which a site goes offline."
            ),
            highPrecision: read(
                "cloud.high_precision",
                .choice,
                default: "auto",
                "Whether to read high-precision temperatures (0.01 °C) through API v1."
            ),
            schedulesInterval: read(
                "cloud.schedules_interval",
                .durationOrZero,
                default: "24h",
                "How often to read the schedules; 0 turns this off."
            ),
            installationInterval: read(
                "cloud.installation_interval",
                .duration,
                default: "24h",
                "How often to read the installation: locations, zones and their names."
            )
        )
        mqtt = try MQTT(
            url: read(
                "mqtt.url",
                .brokerURL,
                default: "mqtt://localhost:1883",
                "Address of the broker; mqtts:// for TLS. May contain user:password@."
            ),
            username: read("mqtt.username", .text, example: "evohome", "User name for the broker."),
            password: read("mqtt.password", .secret, example: "secret", "Password for the broker."),
            passwordFile: read(
                "mqtt.password_file",
                .path,
                example: "/run/secrets/mqtt",
                "File that contains the password for the broker."
            ),
            clientID: read(
                "mqtt.client_id",
                .text,
                example: "evohome-mqtt",
                "MQTT client identifier; generated once if not set."
            ),
            caFile: read(
                "mqtt.ca_file",
                .path,
                example: "/config/mqtt-ca.pem",
                "CA certificates to trust for the broker, instead of the system's."
            ),
            certificateFile: read(
                "mqtt.cert_file",
                .path,
                example: "/config/client.pem",
                "Client certificate; needs mqtt.key_file."
            ),
            keyFile: read(
                "mqtt.key_file",
                .path,
                example: "/config/client.key",
                "Private key of the client certificate; needs mqtt.cert_file."
            ),
            tlsInsecure: read(
                "mqtt.tls_insecure",
                .boolean,
                default: "false",
                "Do not verify the broker's certificate at all: anyone can pose as the broker. For tests only."
            ),
            protocolVersion: read(
                "mqtt.protocol",
                .choice,
                default: "auto",
                "MQTT version; auto tries 5 first and falls back to 3.1.1."
            ),
            baseTopic: read("mqtt.base_topic", .topic, default: "evohome", "Topic that all other topics are below."),
            topicIDs: read("mqtt.topic_ids", .choice, default: "name", "Use names or ids in topics."),
            output: read(
                "mqtt.output",
                .choice,
                default: "both",
                "Publish JSON topics, a topic for each attribute, or both."
            ),
            qos: read("mqtt.qos", .integer(0...2), default: "1", "Quality of service of published messages."),
            sessionExpiry: read(
                "mqtt.session_expiry",
                .duration,
                default: "1h",
                "How long the broker keeps commands while the bridge is away; at most commands.expiry. MQTT 5 only."
            )
        )
        state = State(
            file: read(
                "state.file",
                .path,
                example: "/data/evohome-mqtt.json",
                "File for tokens and other state; if not set, in /data, $XDG_STATE_HOME or ~/.local/state."
            ) ?? ""
        )
        homeAssistant = try HomeAssistant(
            discovery: read(
                "home_assistant.discovery",
                .boolean,
                default: "true",
                "Announce devices and entities to Home Assistant."
            ),
            discoveryPrefix: read(
                "home_assistant.discovery_prefix",
                .topic,
                default: "homeassistant",
                "Discovery prefix of Home Assistant."
            )
        )
        otherDiscovery = try Discovery(
            componentsPrefix: read(
                "discovery.components_prefix",
                .topicOrOff,
                default: "off",
                "Second discovery prefix, with one document per entity: for Domoticz, and for openHAB before 5.2."
            )
        )
        commands = try Commands(
            expiry: read(
                "commands.expiry",
                .duration,
                default: "10m",
                "How long a command may take, including waits for the cloud."
            ),
            perMinute: read(
                "commands.per_minute",
                .integer(1...100_000),
                default: "30",
                "Writes per minute for each gateway; further ones wait."
            )
        )
        http = try HTTP(
            listen: read(
                "http.listen",
                .listenAddress,
                default: "off",
                "Where to serve the page, its interface, /health, /ready and /metrics."
            ),
            url: read(
                "http.url",
                .pageAddress,
                example: "http://heating.local:8080/",
                "Where people open the page, for links to it from Home Assistant's devices."
            ),
            password: read(
                "http.password",
                .secret,
                example: "secret",
                "Password of the page; without one it answers loopback and trusted proxies only."
            ),
            passwordFile: read(
                "http.password_file",
                .path,
                example: "/run/secrets/page",
                "File that contains the password of the page."
            ),
            hosts: read(
                "http.hosts",
                .hosts,
                example: "[heating.example.com]",
                "More host names that the page answers to, besides IP addresses, localhost and *.local."
            ) ?? [],
            trustedProxies: read(
                "http.trusted_proxies",
                .addresses,
                example: "[172.30.32.2]",
                "Addresses of proxies whose requests are signed in already, such as Home Assistant's ingress."
            ) ?? []
        )
        share = try Share(
            listen: read(
                "share.listen",
                .listenAddress,
                default: "off",
                "Where to serve the vendor's interface to other programs; needs a password, and TLS except on loopback."
            ),
            username: read(
                "share.username",
                .text,
                default: "evohome",
                "User name that other programs log in with."
            ),
            password: read(
                "share.password",
                .secret,
                example: "another-secret",
                "Password that other programs log in with; never the account's own."
            ),
            passwordFile: read(
                "share.password_file",
                .path,
                example: "/run/secrets/share",
                "File that contains the password for other programs."
            ),
            certificateFile: read(
                "share.cert_file",
                .path,
                example: "/config/share/server.pem",
                "Certificate that other programs are shown; needs share.key_file."
            ),
            keyFile: read(
                "share.key_file",
                .path,
                example: "/config/share/server.key",
                "Private key of the certificate; needs share.cert_file."
            ),
            writes: read("share.writes", .boolean, default: "true", "Whether other programs may change anything.")
        )
        log = try Log(
            level: read("log.level", .choice, default: "info", "Lowest level to log."),
            format: read("log.format", .choice, default: "text", "Log lines for people, or one JSON object per line.")
        )
    }
}
