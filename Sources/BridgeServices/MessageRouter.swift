public import BridgeCore
public import ServiceLifecycle

/// Passes each message from the broker to the loop that it concerns.
///
/// Retained commands and requests are cleared here, so that they do not come again with every connection. Over MQTT 3.1.1
/// the clearing itself comes back as an empty message; it is recognised and dropped.
public struct MessageRouter: Service {
    private let broker: any Broker
    private let topics: SubscribedTopics
    private let publisher: PublishService
    private let commands: CommandService
    private let requests: RequestService

    public init(
        broker: any Broker,
        topics: SubscribedTopics,
        publisher: PublishService,
        commands: CommandService,
        requests: RequestService
    ) {
        self.broker = broker
        self.topics = topics
        self.publisher = publisher
        self.commands = commands
        self.requests = requests
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                await routeEvents(&group)
                group.cancelAll()
            }
        }
    }

    private func routeEvents(_ group: inout DiscardingTaskGroup) async {
        var clearings = RetainedClearings()
        for await event in broker.events {
            switch event {
            case .connected(let connection):
                clearings.connected(isEchoing: connection.echoes)
                publisher.connected(connection)
            case .disconnected:
                clearings = RetainedClearings()
                publisher.disconnected()
            case .message(let message):
                guard !clearings.isEcho(message), await route(message), message.isRetained else { continue }
                clearings.add(message.topic)
                group.addTask { [broker] in
                    _ = await broker.publish([Publication(topic: message.topic, payload: "")])
                }
            }
        }
    }

    /// - Returns: Whether the message is a command or a request.
    private func route(_ message: IncomingMessage) async -> Bool {
        switch topics.meaning(of: message.topic) {
        case .command(let topic)?:
            // Who shares the base topic with another bridge answers for its own sites alone.
            guard publisher.answers(for: topic) else { return false }
            await commands.receive(message, on: topic)
            return true
        case .request(let name)?:
            await requests.receive(name, message)
            return true
        case .own(let topic)?:
            publisher.received(message, on: topic)
        case .homeAssistantStatus?:
            if message.payload.elementsEqual("online".utf8) { publisher.homeAssistantStarted() }
        case .bridgeState(let base)?:
            if message.payload.elementsEqual("offline".utf8) { publisher.bridgeStopped(base: base) }
        case nil:
            break
        }
        return false
    }
}

/// Topics of retained messages that were cleared over the present connection.
struct RetainedClearings {
    /// `nil` until it is known whether our own messages come back to us: retained messages come first.
    private var isEchoing: Bool?
    private var topics: Set<String> = []

    mutating func connected(isEchoing: Bool) {
        self.isEchoing = isEchoing
        if !isEchoing { topics = [] }
    }

    mutating func add(_ topic: String) {
        if isEchoing ?? true { topics.insert(topic) }
    }

    /// Whether a message is the echo of a clearing; each comes back once.
    mutating func isEcho(_ message: IncomingMessage) -> Bool {
        message.byteCount == 0 && !message.isRetained && topics.remove(message.topic) != nil
    }
}
