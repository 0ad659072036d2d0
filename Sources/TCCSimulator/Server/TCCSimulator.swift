public import Foundation
public import Logging
import Synchronization

/// A Total Connect Comfort cloud on a socket.
///
/// It takes milliseconds to start and listens on a free port of loopback by default:
///
/// ```swift
/// let simulator = try TCCSimulator(configuration: configuration, logger: logger)
/// let group = ServiceGroup(services: [simulator], logger: logger)
/// ```
///
/// Faults, tasks and homes can be changed while it runs. All members can be used from any task.
public final class TCCSimulator: Sendable {
    let configuration: SimulatorConfiguration
    private let clock: SimulatorClock
    let logger: Logger
    let boundAddress = BoundAddress()
    private let simulation: Mutex<Simulation>

    /// Reads the homes.
    /// - Parameters:
    ///   - configuration: What to simulate, and where to listen.
    ///   - logger: Logs start and problems.
    ///   - clock: Where the time comes from.
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
        simulation = Mutex(try Simulation(configuration, startingAt: clock.now()))
    }

    // MARK: Requests and their faults

    /// Adds a fault. Of several faults that match a request, the oldest strikes.
    public func inject(_ fault: Fault) {
        simulation.withLock { $0.faults.add(fault) }
    }

    /// The faults in force, with the times that they have left.
    public var faults: [Fault] {
        simulation.withLock { $0.faults.faults }
    }

    /// Removes all faults of requests.
    public func removeFaults() {
        simulation.withLock { $0.faults.removeAll() }
    }

    /// The most recent requests, oldest first. At least 20,000 are kept.
    /// - Parameter matcher: Which of them.
    /// - Returns: Those that match.
    public func requests(_ matcher: RequestMatcher = .any) -> [RecordedRequest] {
        simulation.withLock { $0.log.entries(matcher) }
    }

    /// Clears the log of requests.
    public func clearRequests() {
        simulation.withLock { $0.log.clear() }
    }

    func receive(_ request: RecordedRequest) -> (entry: Int, strike: FaultList.Strike) {
        simulation.withLock { $0.receive(request) }
    }

    func respond(to request: CloudRequest) -> CloudResponse {
        simulation.withLock { $0.respond(to: request, at: clock.now()) }
    }

    /// Waits for a random time within a range.
    func delay(in range: ClosedRange<Duration>) async throws {
        try await clock.sleep(simulation.withLock { $0.delay(in: range) })
    }

    func complete(_ entry: Int, status: Int) {
        simulation.withLock { $0.log.complete(entry, status: status) }
    }

    // MARK: Tokens, tasks and time

    /// Makes all current access tokens invalid.
    public func revokeAccessTokens() {
        simulation.withLock { $0.accounts.forEach { $0.tokens.revokeAccessTokens() } }
    }

    /// Makes all current refresh tokens invalid.
    public func revokeRefreshTokens() {
        simulation.withLock { $0.accounts.forEach { $0.tokens.revokeRefreshTokens() } }
    }

    /// Closes all current sessions of API v1.
    public func closeSessions() {
        simulation.withLock { $0.accounts.forEach { $0.sessions.closeAll() } }
    }

    /// Determines how communication tasks end that are created from now on.
    /// - Parameters:
    ///   - outcome: How they end.
    ///   - times: How many of each account; `nil` for all.
    ///   - subject: Only those whose subject contains this, such as `zone 2100004`; `nil` for all.
    public func expectTasks(_ outcome: TaskOutcome, times: Int? = 1, about subject: String? = nil) {
        simulation.withLock { simulation in
            simulation.accounts.forEach { $0.tasks.expect(outcome, times: times, subject: subject) }
        }
    }

    /// Makes communication tasks succeed again.
    public func forgetTaskOutcomes() {
        simulation.withLock { $0.accounts.forEach { $0.tasks.forgetOutcomes() } }
    }

    /// Advances both clocks, so that tests of hours take no time.
    /// - Parameter duration: At least 0.
    public func advance(by duration: Duration) {
        simulation.withLock { $0.advance(by: duration) }
    }

    /// The time in the homes.
    public var homeTime: Date {
        simulation.withLock { $0.moment(at: clock.now()).home }
    }

    // MARK: Homes

    /// What belongs to the first account at present.
    var installation: Installation {
        simulation.withLock { $0.accounts.first.installation }
    }

    /// What belongs to all accounts at present.
    var installations: [Installation] {
        simulation.withLock { $0.accounts.installations }
    }

    /// The ids of all zones that a status shows.
    public var zoneIDs: [String] {
        installations.flatMap { $0.systems.values.flatMap(\.reportedZoneIDs) }
    }

    /// The status of every location as a client would read it now, without a request.
    func statuses() -> JSON {
        simulation.withLock { simulation in
            let now = simulation.moment(at: clock.now()).home
            return .array(simulation.accounts.statuses(at: now))
        }
    }

    /// Takes gateways away or brings them back. While a gateway is away, it has a fault and its tasks do not proceed.
    /// - Parameters:
    ///   - isAway: Whether it has lost contact with the cloud.
    ///   - id: Its id; `nil` for all gateways.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func setGatewayAway(_ isAway: Bool, id: String? = nil) throws(SimulatorError) {
        let ids = id.map { [$0] } ?? installations.flatMap { Array($0.gateways.keys) }
        for id in ids {
            try change { cloud, now throws(SimulatorError) in try cloud.setGateway(id, isAway: isAway, at: now) }
        }
    }

    /// Makes the sensor of a zone or of hot water lose contact or find it again.
    /// - Parameters:
    ///   - isLost: While it is lost, there is a fault and no temperature.
    ///   - device: A zone or hot water.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func setSensorLost(_ isLost: Bool, of device: Device) throws(SimulatorError) {
        try change { cloud, now throws(SimulatorError) in
            try cloud.setSensor(of: device, isLost: isLost, at: now)
        }
    }

    /// Adds an active fault that starts now.
    /// - Parameters:
    ///   - type: The vendor's name, such as `TempZoneActuatorLowBattery`, or an unknown one.
    ///   - device: What has the fault.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func addFault(_ type: String, to device: Device) throws(SimulatorError) {
        try change { cloud, now throws(SimulatorError) in try cloud.addFault(type, to: device, at: now) }
    }

    /// Removes all active faults of a device.
    /// - Parameter device: What has the faults.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func clearFaults(of device: Device) throws(SimulatorError) {
        try change { cloud, _ throws(SimulatorError) in try cloud.clearFaults(of: device) }
    }

    /// Sets the actual temperature of a room or of hot water, which then changes from there.
    /// - Parameters:
    ///   - temperature: In °C.
    ///   - device: A zone or hot water.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func setTemperature(_ temperature: Double, of device: Device) throws(SimulatorError) {
        try change { cloud, now throws(SimulatorError) in
            try cloud.setTemperature(temperature, of: device, at: now)
        }
    }

    /// Renames a zone, as at the controller.
    /// - Parameters:
    ///   - id: Of the zone.
    ///   - name: Any text; can be empty.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func renameZone(_ id: String, to name: String) throws(SimulatorError) {
        try change { cloud, _ throws(SimulatorError) in try cloud.renameZone(id, to: name) }
    }

    /// Adds a zone to a control system.
    /// - Parameters:
    ///   - name: Any text; can be empty.
    ///   - systemID: `nil` for the first system.
    /// - Returns: The id of the zone.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    @discardableResult
    public func addZone(named name: String, system systemID: String? = nil) throws(SimulatorError) -> String {
        try change { cloud, _ throws(SimulatorError) in try cloud.addZone(named: name, system: systemID) }
    }

    /// Removes a zone.
    /// - Parameter id: Of the zone.
    /// - Throws: ``SimulatorError/unknownDevice(_:)``.
    public func removeZone(_ id: String) throws(SimulatorError) {
        try change { cloud, _ throws(SimulatorError) in try cloud.removeZone(id) }
    }

    private func change<Value: Sendable>(
        _ edit: (inout SimulatedCloud, Date) throws(SimulatorError) -> Value
    ) throws(SimulatorError) -> Value {
        try simulation.withLock { simulation throws(SimulatorError) in
            let now = simulation.moment(at: clock.now()).home
            return try simulation.accounts.change { cloud throws(SimulatorError) in try edit(&cloud, now) }
        }
    }
}
