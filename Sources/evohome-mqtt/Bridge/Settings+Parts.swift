import AsyncHTTPClient
import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import MosquittoClient
import NIOCore
import NIOSSL
import Observability
import SystemPackage
import TCCClient

// What the settings mean to each part of the bridge.

extension Settings.Account {
    /// `nil` when there is no password, and tokens have to do.
    var credentials: Credentials? {
        guard let username, let password else { return nil }
        return Credentials(username: username.revealed, password: password)
    }
}

extension Settings.Cloud {
    var address: CloudAddress {
        CloudAddress(scheme: url.scheme.rawValue, authority: "\(url.endpoint)")
    }

    var intervals: PollPace.Intervals {
        PollPace.Intervals(status: pollInterval, installation: installationInterval, schedules: schedulesInterval)
    }

    /// At most eight requests are in flight, one a connection; the rest wait for one.
    func httpConfiguration() throws(Failure) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .nanoseconds(min(requestTimeout, .seconds(10)).nanoseconds)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 8
        configuration.connectionPool.retryConnectionEstablishment = false
        // Longer than the pause between two polls, so that a command finds a warm connection.
        configuration.connectionPool.idleTimeout = .nanoseconds((pollInterval + .seconds(60)).nanoseconds)
        if let caFile {
            var tls = TLSConfiguration.makeClientConfiguration()
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(caFile.string))
            } catch {
                throw Failure(.configuration, "cloud.ca_file: \(caFile) holds no certificate in PEM form.")
            }
            configuration.tlsConfiguration = tls
        }
        return configuration
    }
}

extension Settings {
    var homes: Homes.Settings {
        Homes.Settings(
            baseTopic: mqtt.baseTopic,
            naming: mqtt.topicIDs.naming,
            unavailableAfter: cloud.unavailableAfter
        )
    }

    /// How Home Assistant is told of everything; `nil` where it is not.
    var discovery: HomeAssistantDiscovery? {
        guard homeAssistant.discovery else { return nil }
        return HomeAssistantDiscovery(
            prefix: homeAssistant.discoveryPrefix,
            bridge: mqtt.bridgeTopics,
            version: Version.current
        )
    }

    var birthTopics: [String] { discovery?.birthTopics ?? [] }

    /// In which forms state is published. Home Assistant reads JSON, whatever else is asked for.
    var stateOutput: StateOutput {
        switch mqtt.output {
        case .json: .json
        case .attributes: homeAssistant.discovery ? .both : .attributes
        case .both: .both
        }
    }
}

extension Settings {
    /// - Parameter configuration: What is in force, as it may be shown.
    func publishing(_ configuration: EffectiveConfiguration) -> PublishService.Settings {
        PublishService.Settings(
            bridge: mqtt.bridgeTopics,
            output: stateOutput,
            schedules: cloud.schedulesInterval != nil,
            discovery: discovery,
            version: Version.current,
            configuration: configuration.json
        )
    }

    var commanding: CommandService.Settings {
        CommandService.Settings(
            bridge: mqtt.bridgeTopics,
            expiry: commands.expiry,
            callsPerMinute: commands.perMinute
        )
    }
}

extension HighPrecision {
    /// `nil` where the older API is not to be used.
    var pace: SessionPace? {
        switch self {
        case .auto: .sparing
        case .on: .steady
        case .off: nil
        }
    }
}

extension Settings.MQTT {
    var bridgeTopics: BridgeTopics { BridgeTopics(base: baseTopic) }

    /// - Parameters:
    ///   - topics: What is listened to.
    ///   - commandExpiry: How long commands may take. The broker keeps none for longer: nobody could tell its age.
    func configuration(
        clientID: String,
        hearing topics: HeardTopics,
        commandExpiry: Duration
    ) -> MQTTConfiguration {
        MQTTConfiguration(
            host: broker.host,
            port: broker.port,
            tls: isTLS
                ? MQTTTLSConfiguration(
                    caFile: caFile?.string,
                    certificateFile: certificateFile?.string,
                    keyFile: keyFile?.string,
                    skipsVerification: tlsInsecure
                ) : nil,
            username: username,
            password: password,
            clientID: clientID,
            version: protocolVersion.version,
            sessionExpiry: min(sessionExpiry, commandExpiry),
            lastWill: MQTTMessage(topic: bridgeTopics.state, payload: Array("offline".utf8), isRetained: true),
            subscriptions: topics.filters
        )
    }

    var qualityOfService: MQTTQualityOfService { MQTTQualityOfService(rawValue: UInt8(qos)) ?? .atLeastOnce }
}

extension MQTTProtocol {
    fileprivate var version: MQTTConfiguration.Version {
        switch self {
        case .auto: .automatic
        case .version5: .version5
        case .version311: .version311
        }
    }
}

extension TopicIDs {
    var naming: TopicLayout.Naming {
        switch self {
        case .name: .name
        case .id: .id
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
