public import HeatingModel

/// The older API as the loops see it.
public protocol HighPrecisionSource: Sendable {
    /// What every sensor of the account measures, in °C to a hundredth; those that measure nothing are left out.
    ///
    /// - Throws: ``CloudFailure``: what went wrong, or why nothing was asked. It has no bearing on any other call.
    func temperatures() async throws(CloudFailure) -> [SensorID: Temperature]
}
