import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Synchronization

/// A broker that remembers what was published, and has events when a test says so.
final class RecordingBroker: Broker {
    private let published = Mutex<[Publication]>([])
    private let listened = Mutex<[String]>([])
    private let isTaking = Mutex(true)
    private let refused = Mutex(0)
    private let stream: AsyncStream<BrokerEvent>
    private let continuation: AsyncStream<BrokerEvent>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    var events: any AsyncSequence<BrokerEvent, Never> & Sendable { stream }
    var messages: [Publication] { published.withLock { $0 } }

    /// What it keeps for later subscribers.
    var retained: [String: String] {
        messages.filter(\.isRetained).reduce(into: [:]) { $0[$1.topic] = $1.payload.isEmpty ? nil : $1.payload }
    }

    /// How many messages it did not take.
    var refusals: Int { refused.withLock { $0 } }

    func payloads(on topic: String) -> [String] { messages.filter { $0.topic == topic }.map(\.payload) }
    func forget() { published.withLock { $0 = [] } }
    func takes(_ isTaking: Bool) { self.isTaking.withLock { $0 = isTaking } }
    func send(_ event: BrokerEvent) { continuation.yield(event) }

    func send(_ payload: String, to topic: String, isRetained: Bool = false) {
        send(.message(IncomingMessage(topic: topic, payload: Array(payload.utf8), isRetained: isRetained)))
    }

    /// What it was last asked to listen on.
    var listenedTopics: [String] { listened.withLock { $0 } }
    func listen(on topics: [String]) { listened.withLock { $0 = topics } }

    func publish(_ messages: [Publication]) async -> [Bool] {
        guard isTaking.withLock({ $0 }) else {
            refused.withLock { $0 += messages.count }
            return messages.map { _ in false }
        }
        published.withLock { $0 += messages }
        return messages.map { _ in true }
    }

    static let version5 = BrokerConnection(
        facts: BrokerFacts(protocolVersion: "5", keepAliveSeconds: 30),
        echoes: false
    )
    static let withoutWildcards = BrokerConnection(
        facts: BrokerFacts(protocolVersion: "5", takesWildcards: false, keepAliveSeconds: 30),
        echoes: false
    )
    static let version311 = BrokerConnection(
        facts: BrokerFacts(protocolVersion: "3.1.1", keepAliveSeconds: 30),
        echoes: true
    )
}

/// Counts that a test sets.
final class ScriptedCounters: Counters {
    private let counted = Mutex(BridgeStatistics.Counts())

    var counts: BridgeStatistics.Counts { counted.withLock { $0 } }
    var tokenExpires: Instant? { nil }
    var loginsLeft: Int? { 6 }

    func set(_ counts: BridgeStatistics.Counts) { counted.withLock { $0 = counts } }
}

/// Memory that lasts as long as the test.
final class FleetingMemory: Memory, TopicMemory {
    private let kept: Mutex<RememberedInstallation?>
    private let keptSchedules = Mutex(KnownSchedules())
    private let inventories = Mutex<[String: TopicInventory]>([:])
    private let keptTemperatures: Mutex<[SensorID: HighPrecisionTemperature]>

    init(_ kept: RememberedInstallation? = nil, temperatures: [SensorID: HighPrecisionTemperature] = [:]) {
        self.kept = Mutex(kept)
        keptTemperatures = Mutex(temperatures)
    }

    func installation() -> RememberedInstallation? { kept.withLock { $0 } }
    func remember(_ installation: RememberedInstallation) async { kept.withLock { $0 = installation } }
    func temperatures() -> [SensorID: HighPrecisionTemperature] { keptTemperatures.withLock { $0 } }
    func remember(_ temperatures: [SensorID: HighPrecisionTemperature]) async {
        keptTemperatures.withLock { $0 = temperatures }
    }
    func schedules() -> KnownSchedules { keptSchedules.withLock { $0 } }
    func remember(_ schedules: KnownSchedules) async { keptSchedules.withLock { $0 = schedules } }

    func inventory() -> TopicInventory? { inventory(of: "evohome") }
    func remember(_ inventory: TopicInventory) async { keep(inventory, of: "evohome") }
    func inventory(of base: String) -> TopicInventory? { inventories.withLock { $0[base] } }
    func forget(_ base: String) async { inventories.withLock { $0[base] = nil } }
    func keep(_ inventory: TopicInventory, of base: String) { inventories.withLock { $0[base] = inventory } }
}

/// Named schedules that last as long as the test.
final class FleetingLibrary: ScheduleLibraryStore {
    private let library = Mutex(ScheduleLibrary())
    private let failure = Mutex<StorageFailure?>(nil)

    func fails(_ failure: StorageFailure) { self.failure.withLock { $0 = failure } }

    func read() async throws(StorageFailure) -> ScheduleLibrary {
        if let failure = failure.withLock({ $0 }) { throw failure }
        return library.withLock { $0 }
    }

    func update<Success: Sendable>(
        _ change: @escaping @Sendable (inout ScheduleLibrary) -> Success
    ) async throws(StorageFailure) -> Success {
        if let failure = failure.withLock({ $0 }) { throw failure }
        return library.withLock { change(&$0) }
    }
}

/// A bridge whose interval and log level are what they were set to.
final class ScriptedControl: BridgeControl {
    private let interval = Mutex(Duration.seconds(180))

    var pollInterval: Duration { interval.withLock { $0 } }
    var logLevel: String { "info" }
    var problems: [String] { [] }

    func setPollInterval(_ interval: Duration) throws(Refusal) { self.interval.withLock { $0 = interval } }
    func setLogLevel(_ name: String) throws(Refusal) {}
}
