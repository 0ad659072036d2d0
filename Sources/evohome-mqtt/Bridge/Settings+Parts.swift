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

// What each part of the bridge makes of the settings.

extension Settings {
    /// A file beside the state file that is this bridge's alone. Bridges that share a state file have different base topics.
    func ownFile(_ kind: String) -> FilePath {
        // No slash gets into the name, and no two topics get the same one.
        let topic = mqtt.baseTopic.replacing("%", with: "%25").replacing("/", with: "%2F")
        return FilePath("\(state.file).\(topic).\(kind)")
    }
}

extension Settings.Account {
    /// `nil` without a password; saved tokens have to do then.
    var credentials: Credentials? {
        guard let username, let password else { return nil }
        return Credentials(username: username.revealed, password: password)
    }
}

extension CloudURL {
    var address: CloudAddress { CloudAddress(scheme: scheme.rawValue, authority: "\(endpoint)") }

    /// The proxy that `HTTPS_PROXY` and `NO_PROXY` name for this address.
    func proxy(in environment: [String: String]) throws(Failure) -> CloudProxy? {
        do throws(CloudProxy.Problem) {
            return try CloudProxy(environment: environment, for: address)
        } catch {
            throw Failure(.configuration, "HTTPS_PROXY: \(error)")
        }
    }
}

extension Settings.Cloud {
    var address: CloudAddress { url.address }

    var intervals: ReadingPlan.Intervals {
        ReadingPlan.Intervals(status: pollInterval, installation: installationInterval, schedules: schedulesInterval)
    }

    /// At most eight requests are in flight, one per connection; the others wait.
    ///
    /// - Parameter proxy: `nil` to connect directly.
    func httpConfiguration(through proxy: CloudProxy?) throws(Failure) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.proxy = proxy?.clientSetting
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        // The attributes of a span would be made for each request, though nobody traces.
        configuration.tracing.tracer = nil
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
                throw Failure(.configuration, "cloud.ca_file: \(caFile) contains no certificate in PEM format.")
            }
            configuration.tlsConfiguration = tls
        }
        return configuration
    }
}

extension Settings {
    var snapshot: Snapshot.Settings {
        Snapshot.Settings(
            baseTopic: mqtt.baseTopic,
            naming: mqtt.topicIDs,
            unavailableAfter: cloud.unavailableAfter
        )
    }

    /// How devices are announced to Home Assistant; `nil` if they are not.
    var discovery: HomeAssistantDiscovery? {
        guard homeAssistant.discovery else { return nil }
        return HomeAssistantDiscovery(
            prefix: homeAssistant.discoveryPrefix,
            bridge: mqtt.bridgeTopics,
            version: Version.current,
            page: http.page
        )
    }

    /// How entities are announced to readers that know no devices; `nil` if they are not.
    var components: ComponentDiscovery? {
        otherDiscovery.componentsPrefix.map {
            ComponentDiscovery(prefix: $0, bridge: mqtt.bridgeTopics, version: Version.current)
        }
    }

    var birthTopics: [String] { (discovery?.birthTopics ?? []) + (components?.birthTopics ?? []) }

    /// The forms that state is published in. Home Assistant reads JSON and the other readers read attributes, so discovery
    /// needs them in any case.
    var stateOutput: StateOutput {
        switch mqtt.output {
        case .json: otherDiscovery.componentsPrefix == nil ? .json : .both
        case .attributes: homeAssistant.discovery ? .both : .attributes
        case .both: .both
        }
    }
}

extension Settings.HTTP {
    /// Where people open the page; `nil` if there is none, or nobody can know.
    var page: PageAddress? { listen.flatMap { url ?? PageAddress($0) } }
}

extension Settings {
    /// - Parameter configuration: The configuration in force, without secrets.
    func publishing(
        _ configuration: EffectiveConfiguration,
        cloudAddress: @escaping @Sendable () -> String?
    ) -> PublishService.Settings {
        PublishService.Settings(
            bridge: mqtt.bridgeTopics,
            output: stateOutput,
            schedules: cloud.schedulesInterval != nil,
            discovery: discovery,
            components: components,
            version: Version.current,
            configuration: configuration.json,
            cloudAddress: cloudAddress
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
    /// `nil` if API v1 is not used.
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
    ///   - topics: The topics to subscribe to.
    ///   - commandExpiry: How long commands may wait. The broker keeps none for longer, because nobody could tell its age.
    func configuration(
        clientID: String,
        subscribing topics: SubscribedTopics,
        commandExpiry: Duration,
        keeper: any MessageKeeper
    ) -> MQTTConfiguration {
        var configuration = MQTTConfiguration(
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
            version: protocolVersion,
            sessionExpiry: min(sessionExpiry, commandExpiry),
            lastWill: MQTTMessage(
                topic: bridgeTopics.state,
                payload: Array("offline".utf8),
                qualityOfService: qualityOfService,
                isRetained: true
            ),
            subscriptions: topics.filters
        )
        configuration.keeper = keeper
        return configuration
    }

    var qualityOfService: MQTTQualityOfService { MQTTQualityOfService(rawValue: UInt8(qos)) ?? .atLeastOnce }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
