import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import TestSupport

// The loops as tests want them.

extension Logger {
    /// Says nothing.
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension PublishService {
    /// Publishes both forms under `evohome`.
    convenience init(
        telling broker: RecordingBroker,
        of homes: SnapshotStore,
        cloud: ScriptedHome,
        memory: FleetingMemory = FleetingMemory(),
        clock: ManualClock
    ) {
        self.init(
            broker: broker,
            cloud: cloud,
            homes: homes,
            memory: memory,
            statistics: StatisticsService(counters: ScriptedCounters(), homes: homes, clock: clock),
            counts: LoopCounts(),
            settings: Settings(bridge: BridgeTopics(base: "evohome"), output: .both, version: "1"),
            clock: clock,
            logger: .silent
        )
    }
}

extension PollService {
    /// Reads every three minutes, and the installation once a day.
    init(
        reading cloud: ScriptedHome,
        into homes: SnapshotStore,
        memory: FleetingMemory = FleetingMemory(),
        precision: HighPrecisionService? = nil,
        clock: ManualClock
    ) {
        let pace = PollPace(PollPace.Intervals(status: .seconds(180), installation: .seconds(86_400)))
        self.init(
            cloud: cloud,
            homes: homes,
            memory: memory,
            pace: pace,
            refreshes: RefreshRequests(pace: pace, clock: clock),
            counts: LoopCounts(),
            precision: precision,
            settings: Settings(locations: []),
            clock: clock,
            logger: .silent
        )
    }
}
