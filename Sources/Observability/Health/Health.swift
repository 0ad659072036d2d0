/// Whether the bridge does its work. A cloud that is away is not its ill health: it is doing what it can.
public struct Health: Equatable, Sendable {
    public var loops: [LoopReading]
    public var broker: BrokerContact

    public init(loops: [LoopReading], broker: BrokerContact) {
        self.loops = loops
        self.broker = broker
    }

    /// Whether every loop turns. One that does not is cured by nothing but a restart.
    public var isAlive: Bool { !loops.contains(where: \.isStuck) }

    /// Whether the loops turn and the broker answers.
    public var isHealthy: Bool { isAlive && broker == .connected }

    /// What is wrong, a sentence each; none while the bridge is healthy.
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

extension Duration {
    fileprivate var inSeconds: String { "\(components.seconds) s" }
}
