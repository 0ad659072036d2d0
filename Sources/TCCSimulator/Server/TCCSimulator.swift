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
    private let cloudAddress = BoundAddress()
    private let boundControlAddress = BoundAddress()

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
        defer {
            cloudAddress.fail()
            boundControlAddress.fail()
        }
        let cloud = try SimulatorListener(
            configuration.listen,
            certificate: configuration.certificate,
            responder: CloudResponder(simulator: self),
            logger: logger
        ) { [cloudAddress, logger] address in
            logger.notice(
                "This is a simulator of the Total Connect Comfort cloud: no real heating hangs on it",
                metadata: ["address": "\(address)"]
            )
            cloudAddress.resolve(address)
        }
        guard let controlListen = configuration.control else { return try await cloud.run() }
        let control = try SimulatorListener(
            controlListen,
            certificate: nil,
            responder: ControlResponder(port: ControlPort(simulator: self)),
            logger: logger
        ) { [boundControlAddress, logger] address in
            logger.notice("The control port listens", metadata: ["address": "\(address)"])
            boundControlAddress.resolve(address)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cloud.run() }
            group.addTask { try await control.run() }
            // Neither is of use without the other; both end by themselves when they are told to.
            do { try await group.waitForAll() } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// Where it listens, as soon as it does.
    /// - Throws: ``SimulatorError/notRunning`` when it ended before; `CancellationError`.
    public var address: SimulatorConfiguration.Address {
        get async throws { try await cloudAddress.value }
    }

    /// Where the control port listens, as soon as it does; nil where there is none.
    /// - Throws: as ``address``.
    public var controlAddress: SimulatorConfiguration.Address? {
        get async throws { configuration.control == nil ? nil : try await boundControlAddress.value }
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
        // Stopped gracefully: a server that is cancelled drops connections that it has accepted and not yet served.
        let services = ServiceGroup(services: [simulator], logger: simulator.logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let result: Result<Value, any Error>
            do {
                _ = try await simulator.address
                result = .success(try await body(simulator))
            } catch {
                result = .failure(error)
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return try result.get()
        }
    }
}
