public import Basics
public import BridgeCore
public import HeatingModel

/// What the bridge remembers over a restart, beside tokens.
public protocol Memory: Sendable {
    /// The installation as it was last read; `nil` at a first start.
    func installation() -> RememberedInstallation?

    /// Keeps it. A failure is reported by whoever keeps it; the bridge goes on.
    func remember(_ installation: RememberedInstallation) async

    /// Weeks as they were last read; none at a first start.
    func schedules() -> KnownSchedules

    /// Keeps them, likewise.
    func remember(_ schedules: KnownSchedules) async

    /// The fine temperatures that were shown last; none at a first start.
    func temperatures() -> [SensorID: HighPrecisionTemperature]

    /// Keeps them, for a restart.
    func remember(_ temperatures: [SensorID: HighPrecisionTemperature]) async
}

/// An installation, and when the cloud told it.
public struct RememberedInstallation: Codable, Equatable, Sendable {
    public var installation: Installation
    public var read: Instant

    public init(installation: Installation, read: Instant) {
        self.installation = installation
        self.read = read
    }
}

/// What the bridge remembers over a restart of what it has left at its broker.
public protocol TopicMemory: Sendable {
    /// What this bridge has left; `nil` at a first start.
    func inventory() -> TopicInventory?

    func remember(_ inventory: TopicInventory) async

    /// What a bridge under another base topic has left at this broker; `nil` where there is none.
    func inventory(of base: String) -> TopicInventory?

    /// There is nothing left of that one.
    func forget(_ base: String) async
}
