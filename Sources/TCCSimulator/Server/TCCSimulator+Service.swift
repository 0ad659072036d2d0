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
}
