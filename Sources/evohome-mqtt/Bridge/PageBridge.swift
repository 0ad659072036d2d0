import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import Observability
import ServiceLifecycle
import TCCClient
import WebInterface

/// The running bridge as its page sees it.
///
/// Whoever waits for an outcome or an answer is let go when the program stops.
struct PageBridge: WebBridge {
    let view: TopicView
    let store: SnapshotStore
    let commands: CommandService
    let requests: RequestService
    let statistics: StatisticsService
    let broker: MosquittoBroker
    /// Where the broker is.
    let brokerURL: BrokerURL
    let signing: AccountSignIn
    let feed: LogFeed
    let base: String
    let clock: any WallClock

    var topics: [String: String] {
        var topics = view.topics
        topics["bridge/broker"] = brokerState.text
        return topics
    }

    /// What MQTT cannot say: whether there is a broker.
    private var brokerState: JSONValue {
        let address = "\(brokerURL.scheme.rawValue)://\(brokerURL.endpoint)"
        return switch broker.contact {
        case .connected: ["state": "connected", "url": .string(address), "since": nil, "error": nil]
        case .away(let length, let reason):
            [
                "state": "disconnected", "url": .string(address), "since": .string((clock.now - length).description),
                "error": JSONValue(reason),
            ]
        }
    }

    func topicChanges() -> AsyncStream<Void> { view.changes() }

    func events(after last: Int?) -> AsyncStream<NumberedEvent> {
        let (stream, events) = AsyncStream<NumberedEvent>.makeStream(bufferingPolicy: .bufferingNewest(200))
        let forwarding = Task { [store] in
            for await event in store.events.events(after: last) {
                events.yield(NumberedEvent(number: event.number, payload: event.payload))
            }
            events.finish()
        }
        events.onTermination = { _ in forwarding.cancel() }
        return stream
    }

    func log(from level: String) -> AsyncStream<String>? {
        Logger.Level(name: level).map { feed.lines(from: $0) }
    }

    func takesCommands(on topic: String) -> Bool {
        guard let command = CommandTopic("\(base)/\(topic)") else { return false }
        return store.layout?.system(of: command) != nil
    }

    func carryOut(_ payload: JSONValue, on topic: String) async -> CommandAnswer? {
        guard takesCommands(on: topic), let command = CommandTopic("\(base)/\(topic)") else { return nil }
        let ending = await cancelWhenGracefulShutdown { await commands.outcome(of: payload, on: command) }
        return ending.map { CommandAnswer(kind: $0.kind, json: $0.json) }
    }

    func request(_ name: String, _ body: JSONValue) async -> BridgeResponse? {
        guard BridgeRequest.names.contains(name) else { return nil }
        return await cancelWhenGracefulShutdown { await requests.answer(name, body) }
    }

    var homes: JSONValue {
        guard let layout = store.layout else { return .object([]) }
        let homes = store.sites.compactMap { $0.limits(in: layout) }
        return .object(homes.map { JSONValue.Member(String($0.topic.dropFirst(base.count + 1)), $0.limits) })
    }

    var account: JSONValue { signing.account(store: store, callsToday: statistics.callsToday) }

    func signIn(username: String, password: Secret) async -> SignIn {
        let credentials = Credentials(username: username, password: password)
        do throws(AccountSignIn.Problem) {
            try await signing.signIn(with: credentials)
            return .signedIn(account)
        } catch {
            switch error {
            case .refused(let sentence): return .refused(sentence)
            case .held(let sentence, let until):
                return .held(sentence, retryAfter: max(.seconds(1), clock.now.duration(to: until)))
            case .failed(let sentence): return .failed(sentence)
            }
        }
    }

    func backup() async -> Result<Backup, BackupFailure> {
        guard let location = store.installation?.locations.first else {
            return .failure(BackupFailure("No home is known yet, so there is nothing to keep."))
        }
        switch await request("schedules_backup", .null)?.result {
        case .ok(let data)?:
            let day = location.timeZone.localDateTime(at: clock.now).date
            return .success(Backup(schedules: data.file, home: location.name, day: day))
        case .error(let sentence, _)?: return .failure(BackupFailure(sentence))
        case nil: return .failure(BackupFailure("The bridge is stopping."))
        }
    }
}

extension JSONValue {
    /// The answer to `schedules_backup` as a file that a restore takes, with what is missing from it.
    fileprivate var file: JSONValue {
        guard case .object(let members)? = self["schedules"], let skipped = self["skipped"] else {
            return self["schedules"] ?? self
        }
        return .object(members + [JSONValue.Member("skipped", skipped)])
    }
}
