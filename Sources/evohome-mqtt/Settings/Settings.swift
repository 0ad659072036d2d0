import Basics
import Logging
import Observability
import SystemPackage

/// All that the program is told from outside, checked and typed.
///
/// It prints no secret: those are of a type that cannot.
struct Settings: Sendable, Hashable {
    /// Who the bridge is to the cloud. Both can be missing: a state file with a refresh token needs neither.
    struct Account: Sendable, Hashable {
        let username: Secret?
        /// As given, or read from `account.password_file`.
        let password: Secret?
    }

    /// How the cloud is asked.
    struct Cloud: Sendable, Hashable {
        let url: CloudURL
        /// At least 60 seconds against the vendor's hosts, else one second.
        let pollInterval: Duration
        let requestTimeout: Duration
        /// Certificates to trust instead of the system's.
        let caFile: FilePath?
        /// Ids or names of the locations to serve; empty for all.
        let locations: [String]
        let unavailableAfter: Duration
        let highPrecision: HighPrecision
        /// Nil where schedules are not read.
        let schedulesInterval: Duration?
        let installationInterval: Duration
    }

    /// How the broker is reached and what is published there.
    struct MQTT: Sendable, Hashable {
        let isTLS: Bool
        let broker: Endpoint
        /// From `mqtt.username` or the address.
        let username: String?
        /// From `mqtt.password`, `mqtt.password_file` or the address.
        let password: Secret?
        let clientID: String?
        let caFile: FilePath?
        /// Set together with the key file or not at all.
        let certificateFile: FilePath?
        let keyFile: FilePath?
        let tlsInsecure: Bool
        let protocolVersion: MQTTProtocol
        let baseTopic: String
        let topicIDs: TopicIDs
        let output: MQTTOutput
        /// 0, 1 or 2.
        let qos: Int
        let sessionExpiry: Duration
    }

    struct State: Sendable, Hashable {
        let file: FilePath
    }

    struct HomeAssistant: Sendable, Hashable {
        let discovery: Bool
        let discoveryPrefix: String
    }

    struct Commands: Sendable, Hashable {
        let expiry: Duration
        /// Writes a minute for each gateway, from 1 to 100,000.
        let perMinute: Int
    }

    struct HTTP: Sendable, Hashable {
        /// Nil where nothing is served.
        let listen: ListenAddress?
    }

    struct Log: Sendable, Hashable {
        let level: Logger.Level
        let format: LogFormat
    }

    let account: Account
    let cloud: Cloud
    let mqtt: MQTT
    let state: State
    let homeAssistant: HomeAssistant
    let commands: Commands
    let http: HTTP
    let log: Log
}
