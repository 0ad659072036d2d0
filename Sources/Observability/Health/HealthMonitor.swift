/// Looks at the loops and the broker whenever somebody asks how the bridge does.
public struct HealthMonitor: Sendable {
    private let pulses: [LoopPulse]
    private let broker: @Sendable () -> BrokerContact

    /// - Parameters:
    ///   - pulses: Those of every loop that must turn.
    ///   - broker: How it stands with the broker now.
    public init(pulses: [LoopPulse], broker: @escaping @Sendable () -> BrokerContact) {
        self.pulses = pulses
        self.broker = broker
    }

    /// How the bridge does now.
    public var health: Health {
        Health(loops: pulses.map { $0.reading() }, broker: broker())
    }
}
