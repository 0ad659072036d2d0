public import Basics
public import BridgeCore
public import HeatingModel

/// What the bridge keeps over a restart, apart from tokens.
public protocol Memory: Sendable {
    /// The installation as it was last read; `nil` at a first start.
    func installation() -> RememberedInstallation?

    /// Keeps it. The implementation reports a failure; the bridge goes on.
    func remember(_ installation: RememberedInstallation) async

    /// Schedules as they were last read; none at a first start.
    func schedules() -> KnownSchedules

    /// Keeps them, in the same way.
    func remember(_ schedules: KnownSchedules) async

    /// The high-precision temperatures that were shown last; none at a first start.
    func temperatures() -> [SensorID: HighPrecisionTemperature]

    /// Keeps them.
    func remember(_ temperatures: [SensorID: HighPrecisionTemperature]) async
}

/// What a bridge keeps over a restart about who changed what. Another bridge on the same account sees it otherwise.
public protocol ChangeMemory: Sendable {
    /// As far as the last run knew.
    func changes() -> KnownChanges

    /// Keeps it. The implementation reports a failure; the bridge goes on.
    func remember(_ changes: KnownChanges) async
}

/// An installation, and when it was read.
public struct RememberedInstallation: Codable, Equatable, Sendable {
    public var installation: Installation
    public var read: Instant

    public init(installation: Installation, read: Instant) {
        self.installation = installation
        self.read = read
    }
}

/// What the bridge keeps over a restart about the topics that it has published.
public protocol TopicMemory: Sendable {
    /// The topics of this bridge; `nil` at a first start.
    func inventory() -> TopicInventory?

    func remember(_ inventory: TopicInventory) async

    /// The topics of a bridge under another base topic at this broker; `nil` if there is none.
    func inventory(of base: String) -> TopicInventory?

    /// All topics of that bridge were cleared.
    func forget(_ base: String) async
}
