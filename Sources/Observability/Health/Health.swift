/// Whether the bridge does its work. A cloud that cannot be reached is not its fault: it does what it can.
public struct Health: Equatable, Sendable {
    public var loops: [LoopReading]
    public var broker: BrokerContact

    public init(loops: [LoopReading], broker: BrokerContact) {
        self.loops = loops
        self.broker = broker
    }

    /// Whether every loop is running. Only a restart cures one that is stuck.
    public var isAlive: Bool { !loops.contains(where: \.isStuck) }

    /// Whether the loops are running and the broker answers.
    public var isHealthy: Bool { isAlive && broker == .connected }

    /// What is wrong, one sentence each; empty while the bridge is healthy.
    public var problems: [String] {
        loops.filter(\.isStuck).map { "The \($0.name) loop hangs: it should have gone on \($0.silence.inSeconds) ago." }
            + (brokerProblem.map { [$0] } ?? [])
    }

    private var brokerProblem: String? {
        guard case .away(let duration, let reason) = broker else { return nil }
        let explanation = reason.map { ": \($0)" } ?? ""
        return "There has been no MQTT connection for \(duration.inSeconds)\(explanation)."
    }
}

/// Whether the broker answers.
public enum BrokerContact: Equatable, Sendable {
    case connected
    /// There is no connection, or the broker has not answered the subscriptions yet.
    ///
    /// - Parameters:
    ///   - duration: Since the connection was lost; since the start if there was none.
    ///   - reason: Why the last attempt failed; `nil` before the first failure.
    case away(for: Duration, reason: String?)
}

/// Looks at the loops and the broker whenever somebody asks for the bridge's health.
public struct HealthMonitor: Sendable {
    private let pulses: [LoopPulse]
    private let broker: @Sendable () -> BrokerContact

    /// - Parameters:
    ///   - pulses: Those of every loop that must be running.
    ///   - broker: Whether the broker answers now.
    public init(pulses: [LoopPulse], broker: @escaping @Sendable () -> BrokerContact) {
        self.pulses = pulses
        self.broker = broker
    }

    /// The bridge's health now.
    public var health: Health {
        Health(loops: pulses.map { $0.reading() }, broker: broker())
    }
}

extension Duration {
    fileprivate var inSeconds: String { "\(components.seconds) s" }
}
