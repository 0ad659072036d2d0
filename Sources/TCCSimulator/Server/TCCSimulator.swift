import Hummingbird
public import Logging
public import ServiceLifecycle
import Synchronization

/// A Total Connect Comfort cloud on a socket.
///
/// It starts when it runs, in milliseconds, and listens on a free port of loopback unless told otherwise:
///
/// ```swift
/// let simulator = try TCCSimulator(configuration: configuration, logger: logger)
/// let group = ServiceGroup(services: [simulator], logger: logger)
/// ```
///
/// Faults, tasks and homes can be changed while it runs. All calls are safe from any task.
public final class TCCSimulator: Service, Sendable {
    let configuration: SimulatorConfiguration
    let clock: SimulatorClock
    let logger: Logger
    let state: Mutex<State>
    private let boundAddress = BoundAddress()

    /// Reads the homes.
    /// - Parameters:
    ///   - configuration: what it is to be.
    ///   - logger: for its lifecycle, and for requests at debug level.
    ///   - clock: where the time comes from.
    /// - Throws: ``SimulatorError`` for homes and settings that cannot be used.
    public init(
        configuration: SimulatorConfiguration = SimulatorConfiguration(),
        logger: Logger = Logger(label: "simulator", factory: { _ in SwiftLogNoOpLogHandler() }),
        clock: SimulatorClock = .system
    ) throws {
        try configuration.validate()
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        state = Mutex(try State(configuration, startingAt: clock.now()))
    }

    /// Listens until it is told to stop.
    /// - Throws: what kept it from listening; ``SimulatorError`` for a certificate that cannot be used.
    public func run() async throws {
        defer { boundAddress.fail() }
        let listener = try SimulatorListener(
            configuration.listen,
            certificate: configuration.certificate,
            responder: CloudResponder(simulator: self),
            logger: logger
        ) { [boundAddress, logger] address in
            logger.notice(
                "This is a simulator of the Total Connect Comfort cloud: no real heating hangs on it",
                metadata: ["address": "\(address)"]
            )
            boundAddress.resolve(address)
        }
        try await listener.run()
    }

    /// Where it listens, as soon as it does.
    /// - Throws: ``SimulatorError/notRunning`` when it ended before; `CancellationError`.
    public var address: SimulatorConfiguration.Address {
        get async throws { try await boundAddress.value }
    }

    /// The base URL of the cloud, as soon as it listens.
    /// - Throws: as ``address``.
    public var url: String {
        get async throws { "\(configuration.certificate == nil ? "http" : "https")://\(try await address)" }
    }

    /// Runs a simulator while a body works with it, and stops it.
    /// - Parameters:
    ///   - configuration: what it is to be.
    ///   - clock: where the time comes from.
    ///   - body: is given the simulator, which listens already.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, and what kept the simulator from running.
    public static func withRunning<Value: Sendable>(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        clock: SimulatorClock = .system,
        _ body: @Sendable (TCCSimulator) async throws -> Value
    ) async throws -> Value {
        let simulator = try TCCSimulator(configuration: configuration, clock: clock)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulator.run() }
            _ = try await simulator.address
            let value = try await body(simulator)
            group.cancelAll()
            return value
        }
    }
}
