import Basics
import BridgeCore
import Synchronization
import WebInterface

/// A bridge that shows and answers what a test wants.
final class ScriptedBridge: WebBridge {
    private struct State {
        var topics: [String: String]
        var commandTopics: Set<String>
        var changes: [AsyncStream<Void>.Continuation] = []
        var events: [NumberedEvent] = []
        var eventClients: [AsyncStream<NumberedEvent>.Continuation] = []
        var logClients: [AsyncStream<String>.Continuation] = []
        var commands: [(topic: String, payload: JSONValue)] = []
        var requests: [(name: String, body: JSONValue)] = []
        var signIns: [(username: String, password: String)] = []
        var outcome: CommandAnswer? = CommandAnswer(kind: .succeeded, json: ["outcome": "succeeded"])
        var isOutcomeHeld = false
        var signIn = SignIn.signedIn(["locations": []])
        var backup: Result<Backup, BackupFailure> = .failure(BackupFailure("The cloud cannot be reached."))
    }

    static let home = [
        "bridge/state": "online",
        "home/zone/kitchen": #"{"id":"3432522","name":"Kitchen","temperature":20.5}"#,
        "home/zone/kitchen/id": "3432522",
        "home/zone/kitchen/name": "Kitchen",
        "home/zone/kitchen/temperature": "20.5",
        "home/zone/kitchen/available": "true",
    ]

    private let state: Mutex<State>

    init(topics: [String: String] = home, commandTopics: Set<String> = ["home/zone/kitchen/set"]) {
        state = Mutex(State(topics: topics, commandTopics: commandTopics))
    }

    // What a test does.

    func show(_ payload: String?, on topic: String) {
        let clients = state.withLock { state in
            state.topics[topic] = payload
            return state.changes
        }
        for client in clients { client.yield() }
    }

    func happen(_ payload: String) {
        let (event, clients) = state.withLock { state in
            let event = NumberedEvent(number: state.events.count + 1, payload: payload)
            state.events.append(event)
            return (event, state.eventClients)
        }
        for client in clients { client.yield(event) }
    }

    func write(line: String) {
        for client in state.withLock(\.logClients) { client.yield(line) }
    }

    func answerCommands(with answer: CommandAnswer?) { state.withLock { $0.outcome = answer } }
    func holdCommands() { state.withLock { $0.isOutcomeHeld = true } }
    func answerSignIns(with answer: SignIn) { state.withLock { $0.signIn = answer } }
    func answerBackups(with answer: Result<Backup, BackupFailure>) { state.withLock { $0.backup = answer } }

    var commands: [(topic: String, payload: JSONValue)] { state.withLock(\.commands) }
    var requests: [(name: String, body: JSONValue)] { state.withLock(\.requests) }
    var signIns: [(username: String, password: String)] { state.withLock(\.signIns) }

    // What the routes see.

    var topics: [String: String] { state.withLock(\.topics) }

    func topicChanges() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.changes.append(continuation) }
        return stream
    }

    func events(after last: Int?) -> AsyncStream<NumberedEvent> {
        let (stream, continuation) = AsyncStream<NumberedEvent>.makeStream()
        state.withLock { state in
            if let last { for event in state.events where event.number > last { continuation.yield(event) } }
            state.eventClients.append(continuation)
        }
        return stream
    }

    func log(from level: String) -> AsyncStream<String>? {
        guard level == "info" else { return nil }
        let (stream, continuation) = AsyncStream<String>.makeStream()
        state.withLock { $0.logClients.append(continuation) }
        return stream
    }

    func takesCommands(on topic: String) -> Bool { state.withLock { $0.commandTopics.contains(topic) } }

    func carryOut(_ payload: JSONValue, on topic: String) async -> CommandAnswer? {
        let (answer, isHeld) = state.withLock { state in
            state.commands.append((topic, payload))
            return (state.outcome, state.isOutcomeHeld)
        }
        if isHeld, (try? await Task.sleep(for: .seconds(60))) == nil { return nil }
        return answer
    }

    func request(_ name: String, _ body: JSONValue) async -> BridgeResponse? {
        state.withLock { $0.requests.append((name, body)) }
        return switch name {
        case "health": BridgeResponse(.ok(["healthy": true]), transaction: body["transaction"] ?? .null)
        case "poll_interval": BridgeResponse(.error("The value is too short."), transaction: .null)
        default: nil
        }
    }

    var homes: JSONValue { ["home": ["location": "Home"]] }
    var account: JSONValue { ["user": "u…"] }

    func signIn(username: String, password: Secret) async -> SignIn {
        state.withLock { state in
            state.signIns.append((username, password.revealed))
            return state.signIn
        }
    }

    func backup() async -> Result<Backup, BackupFailure> { state.withLock(\.backup) }
}
