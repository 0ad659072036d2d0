import Logging
import ServiceLifecycle
public import TCCSimulator

extension TCCSimulator {
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

extension LoginLimit {
    /// More logins than any test makes.
    public static let unlimited = LoginLimit(attempts: .max, window: .seconds(1))
}
