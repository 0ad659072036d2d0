public import ServiceLifecycle

/// Hands what comes from the broker to the loops that it concerns.
public struct BrokerEvents: Service {
    private let broker: any Broker
    private let publisher: PublishService
    private let commands: CommandService
    private let requests: RequestService
    private let reannouncement: Reannouncement

    public init(
        broker: any Broker,
        publisher: PublishService,
        commands: CommandService,
        requests: RequestService,
        reannouncement: Reannouncement
    ) {
        self.broker = broker
        self.publisher = publisher
        self.commands = commands
        self.requests = requests
        self.reannouncement = reannouncement
    }

    public func run() async throws {
        let events = broker.events
        await cancelWhenGracefulShutdown {
            for await event in events { handle(event) }
        }
    }

    private func handle(_ event: BrokerEvent) {
        switch event {
        case .connected(let connection):
            commands.connected(connection)
            requests.connected(connection)
            publisher.connected(connection)
        case .disconnected:
            publisher.disconnected()
        case .command(let message):
            commands.receive(message)
        case .request(let name, let message):
            requests.receive(name, message)
        case .homeAssistantStarted:
            reannouncement.homeAssistantStarted()
        case .bridgeStopped(let base):
            publisher.stopped(base)
        }
    }
}
