import Logging
public import ServiceLifecycle

extension TCCSimulator: Service {
    /// Listens until the service group shuts down.
    /// - Throws: What kept it from listening; ``SimulatorError`` for a certificate that cannot be used.
    public func run() async throws {
        defer { boundAddress.fail() }
        let cloud = try SimulatorListener(
            configuration.listen,
            certificate: configuration.certificate,
            responder: CloudResponder(simulator: self),
            logger: logger
        ) { [boundAddress, logger] address in
            logger.notice(
                "Simulating the Total Connect Comfort cloud; no real heating is connected",
                metadata: ["address": "\(address)"]
            )
            boundAddress.resolve(address)
        }
        guard let controlAddress = configuration.control else { return try await cloud.run() }
        let control = try SimulatorListener(
            controlAddress,
            certificate: nil,
            responder: ControlResponder(port: ControlPort(simulator: self)),
            logger: logger
        ) { [logger] address in
            logger.notice("The control port is listening", metadata: ["address": "\(address)"])
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cloud.run() }
            group.addTask { try await control.run() }
            // Each is useless without the other. Both stop by themselves on a graceful shutdown.
            do { try await group.waitForAll() } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// Where it listens, available as soon as it does.
    /// - Throws: ``SimulatorError/notRunning`` if it ends before; `CancellationError`.
    public var address: SimulatorConfiguration.Address {
        get async throws { try await boundAddress.value }
    }

    /// The base URL of the cloud, available as soon as it listens.
    /// - Throws: As ``address``.
    public var url: String {
        get async throws { "\(configuration.certificate == nil ? "http" : "https")://\(try await address)" }
    }

    /// Runs a simulator for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - configuration: What to simulate, and where to listen.
    ///   - clock: Where the time comes from.
    ///   - body: Gets the simulator, which is listening already.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, and what kept the simulator from running.
    public static func withRunning<Value: Sendable>(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        clock: SimulatorClock = .system,
        _ body: @Sendable (TCCSimulator) async throws -> Value
    ) async throws -> Value {
        let logger = Logger(label: "simulator", factory: { _ in SwiftLogNoOpLogHandler() })
        let simulator = try TCCSimulator(configuration: configuration, logger: logger, clock: clock)
        // Stopped gracefully, because a cancelled server drops connections that it has accepted but not served yet.
        let services = ServiceGroup(services: [simulator], logger: logger)
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
