import Basics
import BridgeCore
import HeatingModel

/// What was read outlives the process: it is restored at the start, and kept as it arrives.
struct ReadingKeeper: Sendable {
    /// The whole file is written each time, and each command makes two changes.
    private static let pauseBetweenChanges = Duration.seconds(1)

    private let memory: any Memory
    /// `nil` if it does not matter who changed what before.
    private let changes: (any ChangeMemory)?
    /// One that asks once must not overwrite what a bridge that runs beside it knows.
    private let keepsChanges: Bool
    private let keepsTemperatures: Bool
    private let store: SnapshotStore
    private let clock: any WallClock
    private var unsavedInstallation: RememberedInstallation?
    private var isKeepingChanges = false

    init(
        memory: any Memory,
        changes: (any ChangeMemory)?,
        keepsChanges: Bool,
        keepsTemperatures: Bool,
        store: SnapshotStore,
        clock: any WallClock
    ) {
        self.memory = memory
        self.changes = changes
        self.keepsChanges = keepsChanges
        self.keepsTemperatures = keepsTemperatures
        self.store = store
        self.clock = clock
    }

    /// The installation as it was last read; `nil` at a first start.
    var installation: RememberedInstallation? { memory.installation() }

    /// Puts what an earlier run knew into the snapshot, apart from the installation.
    func restore(withSchedules: Bool, at uptime: Uptime) {
        if withSchedules {
            let schedules = memory.schedules()
            store.update { snapshot, _ in snapshot.restore(schedules) }
        }
        if keepsTemperatures {
            let temperatures = memory.temperatures()
            store.update { snapshot, _ in snapshot.restore(temperatures) }
        }
        if let changes = changes?.changes() {
            store.update { $0.restore(changes, at: $1, uptime: uptime) }
        }
    }

    /// Keeps an installation with the next ``keepNews(in:kept:)``.
    mutating func keep(_ installation: RememberedInstallation) { unsavedInstallation = installation }

    /// Keeps a new installation and new changes at once, so that a crash loses none. Changes that come within a second after
    /// others are kept together: a crash can lose that such a command has ended, but not that it was given.
    ///
    /// - Parameter kept: Called when further changes can be kept; ``keptChanges()`` is to follow.
    mutating func keepNews(in group: inout DiscardingTaskGroup, kept: @escaping @Sendable () -> Void) {
        if let installation = unsavedInstallation {
            group.addTask { [memory] in await memory.remember(installation) }
            unsavedInstallation = nil
        }
        guard keepsChanges, !isKeepingChanges, let changes, let news = store.take({ $0.takeUnsavedChanges() })
        else { return }
        isKeepingChanges = true
        group.addTask { [clock] in
            await changes.remember(news)
            try? await clock.sleep(for: Self.pauseBetweenChanges)
            kept()
        }
    }

    mutating func keptChanges() { isKeepingChanges = false }

    /// Schedules that were read one after another are kept together in the pause after them, so that a disk is written
    /// once.
    ///
    /// - Parameter pause: Until something is read again; `nil` if nothing is due.
    func keepSchedules(in group: inout DiscardingTaskGroup, pause: Duration?) {
        guard pause.map({ $0 > .seconds(5) }) ?? true, let schedules = store.take({ $0.takeUnsavedSchedules() })
        else { return }
        group.addTask { [memory] in await memory.remember(schedules) }
    }

    /// Keeps the rest before the program stops.
    func end() async {
        if let schedules = store.take({ $0.takeUnsavedSchedules() }) { await memory.remember(schedules) }
        if keepsChanges, let news = store.take({ $0.takeUnsavedChanges() }) { await changes?.remember(news) }
        if keepsTemperatures { await memory.remember(store.take { $0.highPrecisionTemperatures }) }
    }
}
