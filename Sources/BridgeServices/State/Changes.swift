public import BridgeCore
public import HeatingModel

/// Which parts of the snapshot have changed.
public struct Changes: Sendable {
    public var systems: Set<ControlSystemID> = []
    /// Where a week was read that is not what it was.
    public var schedules: Set<ControlSystemID> = []
    /// Topics may have moved, and sites may be gone.
    public var isLayoutChanged = false
    /// What has happened, in order.
    public private(set) var events: [BridgeEvent] = []

    /// The latest of them are kept for a broker that is away.
    mutating func add(_ new: [BridgeEvent]) {
        events = (events + new).suffix(100)
    }

    /// What is shown of a system says which switchpoint is current.
    mutating func schedules(of system: ControlSystemID) {
        schedules.insert(system)
        systems.insert(system)
    }
}
