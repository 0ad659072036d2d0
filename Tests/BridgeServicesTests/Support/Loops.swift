import Basics
import BridgeCore
import HeatingModel
import Logging
import ServiceLifecycle
import TestSupport

@testable import BridgeServices

// The loops as tests want them.

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Runs loops while `body` runs.
func running(_ services: any Service..., body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for service in services { group.addTask { try await service.run() } }
        defer { group.cancelAll() }
        try await body()
    }
}

extension SnapshotStore {
    convenience init(_ clock: ManualClock, unavailableAfter: Duration = .seconds(1800)) {
        self.init(
            settings: Snapshot.Settings(baseTopic: "evohome", naming: .name, unavailableAfter: unavailableAfter),
            clock: clock
        )
    }

    func apply(_ installation: Installation) {
        update { snapshot, now in snapshot.apply(ServedLocations([], of: installation), read: now) }
    }

    func apply(_ status: LocationStatus, _ clock: ManualClock) {
        update { snapshot, now in snapshot.apply(status, at: now, uptime: clock.uptime) }
    }

    func becomeReady() {
        update { snapshot, _ in snapshot.becomeReady() }
    }
}

extension CloudReader {
    /// Reads every three minutes, and the installation once a day.
    convenience init(
        of cloud: ScriptedCloud,
        into store: SnapshotStore,
        highPrecision: (any HighPrecisionSource)? = nil,
        memory: FleetingMemory = FleetingMemory(),
        counts: LoopCounts = LoopCounts(),
        schedules: Duration? = nil,
        locations: [String] = [],
        polls: Bool = true,
        shortestPollInterval: Duration = .zero,
        clock: ManualClock
    ) {
        self.init(
            cloud: cloud,
            highPrecision: highPrecision,
            store: store,
            memory: memory,
            counts: counts,
            intervals: .init(status: .seconds(180), installation: .seconds(86_400), schedules: schedules),
            settings: Settings(locations: locations, polls: polls, shortestPollInterval: shortestPollInterval),
            clock: clock,
            logger: .silent
        )
    }
}

extension CommandService {
    convenience init(
        calling cloud: ScriptedCloud,
        reader: CloudReader,
        broker: RecordingBroker,
        store: SnapshotStore,
        counts: LoopCounts = LoopCounts(),
        clock: ManualClock
    ) {
        self.init(
            cloud: cloud,
            reader: reader,
            broker: broker,
            store: store,
            counts: counts,
            settings: Settings(bridge: BridgeTopics(base: "evohome"), expiry: .seconds(600), callsPerMinute: 30),
            clock: clock,
            logger: .silent
        )
    }

    func receive(_ message: IncomingMessage) async {
        guard let topic = CommandTopic(message.topic) else { return }
        await receive(message, on: topic)
    }

    func receive(_ payload: String, on topic: String) async {
        await receive(IncomingMessage(topic: topic, payload: Array(payload.utf8)))
    }
}

extension PublishService {
    /// Publishes both forms under `evohome`.
    convenience init(
        of store: SnapshotStore,
        to broker: RecordingBroker,
        cloud: ScriptedCloud = ScriptedCloud(),
        memory: FleetingMemory = FleetingMemory(),
        statistics: StatisticsService? = nil,
        discovery: HomeAssistantDiscovery? = nil,
        clock: ManualClock
    ) {
        self.init(
            broker: broker,
            cloud: cloud,
            store: store,
            memory: memory,
            statistics: statistics ?? StatisticsService(counters: ScriptedCounters(), store: store, clock: clock),
            counts: LoopCounts(),
            settings: Settings(
                bridge: BridgeTopics(base: "evohome"),
                output: .both,
                discovery: discovery,
                version: "1"
            ),
            clock: clock,
            logger: .silent
        )
    }
}

/// Lets time go by until `body` is done: a hundred times as fast as real time, no faster. On a busy machine a loop may not
/// get its turn for some time; a clock that did not wait for it would run up to the end of every deadline meanwhile.
func passing<Result: Sendable>(
    _ clock: ManualClock,
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            while !Task.isCancelled {
                clock.advance(by: .milliseconds(100))
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        defer { group.cancelAll() }
        return try await body()
    }
}
