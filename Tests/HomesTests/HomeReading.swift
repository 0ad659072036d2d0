import AsyncHTTPClient
import Basics
import BridgeCore
import HTTPTypes
import HeatingModel
import Logging
import Observability
import TCCClient
import TestSupport

/// A home as the topics show it, read from the cloud's answers by the client of production.
struct HomeReading {
    /// Shared by all tests, and never shut down.
    static let network = AsyncHTTPTransport(configuration: .init(), timeout: .seconds(10))

    /// In the order in which they are published, the schedules last.
    let messages: [Publication]

    /// - Parameters:
    ///   - transport: The way to the cloud.
    ///   - cloud: Where it is.
    ///   - now: What time it is for the topics.
    init(over transport: any HTTPTransport, at cloud: CloudAddress, now: Instant) async throws {
        let client = Self.client(over: transport, at: cloud)
        let installation = try await client.installation(of: nil)
        let layout = TopicLayout(base: "evohome", naming: .name, installation: installation)
        var messages: [Publication] = []
        for location in installation.locations where !location.systems.isEmpty {
            let status = try await client.status(of: location)
            for system in location.systems {
                let site = Site(
                    location: location,
                    system: system,
                    status: status.systems.first { $0.id == system.id },
                    isFresh: true,
                    schedules: try await Self.schedules(of: system, from: client, at: now)
                )
                messages += site.messages(in: layout, output: .json, at: now)
                messages += site.scheduleMessages(in: layout)
            }
        }
        self.messages = messages
    }

    private static func schedules(
        of system: ControlSystem,
        from client: TCCClient,
        at now: Instant
    ) async throws -> KnownSchedules {
        var schedules = KnownSchedules()
        for zone in system.zones {
            schedules.keep(try await client.schedule(of: zone.id), of: zone.id, at: now)
        }
        if let hotWater = system.hotWater {
            schedules.keep(try await client.schedule(of: hotWater.id), of: hotWater.id, at: now)
        }
        return schedules
    }

    static func client(over transport: any HTTPTransport, at cloud: CloudAddress) -> TCCClient {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let tokens = TokenProvider(
            endpoint: TokenEndpoint(cloud: cloud, transport: transport),
            store: ForgetfulStore(),
            credentials: Credentials(username: "user@example.com", password: Secret("password")),
            clock: SystemClock(),
            logger: logger
        )
        return TCCClient(cloud: cloud, transport: transport, tokens: tokens, clock: SystemClock(), logger: logger)
    }
}
