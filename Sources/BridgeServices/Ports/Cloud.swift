public import HeatingModel

/// The cloud as the loops see it.
public protocol Cloud: Sendable {
    /// The account's id, and everything it can see.
    ///
    /// - Parameter accountID: The id from an earlier answer, which saves a call; `nil` if it is not known yet.
    func installation(of accountID: String?) async throws(CloudFailure) -> Installation

    func status(of location: Location) async throws(CloudFailure) -> LocationStatus

    /// - Returns: `nil` if the zone has none.
    func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>?

    /// - Returns: `nil` if the hot water has none.
    func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>?

    /// - Returns: The task that delivers it to the gateway; `nil` if the cloud named none.
    func make(_ call: CloudCall) async throws(CloudFailure) -> CommunicationTaskID?

    /// - Returns: `nil` if the cloud does not know the task.
    func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState?

    /// Why tokens cannot be saved; `nil` while they can.
    var storeProblem: String? { get }

    /// The paths in the cloud's answers at which something could not be understood, in order.
    var surprises: [String] { get }
}

/// API v1 as the loops see it.
public protocol HighPrecisionSource: Sendable {
    /// The temperature at each sensor of the account, to 0.01 °C. Sensors without a reading are left out.
    ///
    /// - Throws: ``CloudFailure``: what went wrong, or why no call was made. It does not affect any other call.
    func temperatures() async throws(CloudFailure) -> [SensorID: Temperature]
}
