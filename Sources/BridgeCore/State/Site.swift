public import HeatingModel

/// A control system with all that is known of it at one moment: what there is, how it is, and what is planned.
public struct Site: Equatable, Sendable {
    public var location: Location
    public var system: ControlSystem
    /// `nil` before the first answer.
    public var status: ControlSystemStatus?
    /// Whether its values are fresh enough to be shown: see ``isAvailable``.
    public var isFresh: Bool
    /// Weekly schedules, as far as they were read.
    public var schedules: KnownSchedules
    /// What the cloud was told and has not confirmed yet; shown already, so that a slider does not jump back.
    public var expectations: [Target: Change]

    public init(
        location: Location,
        system: ControlSystem,
        status: ControlSystemStatus?,
        isFresh: Bool,
        schedules: KnownSchedules = KnownSchedules(),
        expectations: [Target: Change] = [:]
    ) {
        self.location = location
        self.system = system
        self.status = status
        self.isFresh = isFresh
        self.schedules = schedules
        self.expectations = expectations
    }

    /// Whether what is shown of it can be relied on: its last good answer is not too old, and its gateway is in contact.
    public var isAvailable: Bool {
        guard let status else { return false }
        return isFresh && !status.hasLostContact
    }

    /// Zones behind which there is nothing real.
    public var ghosts: [Zone] {
        system.zones.filter { $0.isGhost(with: reported($0.id)) }.sorted { $0.id < $1.id }
    }

    /// What the cloud said of a zone, nothing expected.
    public func reported(_ id: ZoneID) -> ZoneStatus? {
        status?.zones.first { $0.id == id }
    }
}
