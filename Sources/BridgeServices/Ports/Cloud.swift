public import HeatingModel

/// The cloud as the loops see it.
public protocol Cloud: Sendable {
    /// The account's id, and everything it can see.
    ///
    /// - Parameter accountID: What an earlier call answered, which saves one; `nil` at first.
    func installation(of accountID: String?) async throws(CloudFailure) -> Installation

    func status(of location: Location) async throws(CloudFailure) -> LocationStatus

    /// - Returns: `nil` when the zone has none.
    func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>?

    /// - Returns: `nil` when the hot water has none.
    func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>?

    /// - Returns: The task that carries it to the gateway, where the cloud named one.
    func make(_ call: CloudCall) async throws(CloudFailure) -> CommunicationTaskID?

    /// - Returns: `nil` when the cloud does not know the task.
    func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState?

    /// Why tokens cannot be written down; `nil` while they can.
    var storeProblem: String? { get }
}

/// The older API as the loops see it.
public protocol HighPrecisionSource: Sendable {
    /// What every sensor of the account measures, in °C to a hundredth; those that measure nothing are left out.
    ///
    /// - Throws: ``CloudFailure``: what went wrong, or why nothing was asked. It has no bearing on any other call.
    func temperatures() async throws(CloudFailure) -> [SensorID: Temperature]
}
