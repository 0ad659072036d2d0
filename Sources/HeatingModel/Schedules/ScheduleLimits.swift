import Basics

/// What a zone or the hot water takes as a schedule, as its `scheduleCapabilities` say.
public struct ScheduleLimits: Hashable, Sendable {
    /// How many switchpoints a day may have.
    public let switchpointsPerDay: ClosedRange<Int>

    /// Times are multiples of this since midnight; anything goes where it is zero or less.
    public let timingResolution: Duration

    /// Takes the limits that the cloud reported. Each default is that of an evohome controller, for where it reports
    /// none, as for some thermostats (evohome-async's captures).
    ///
    /// - Parameters:
    ///   - minimumSwitchpoints: the fewest switchpoints of a day; less than 0 is taken as 0.
    ///   - maximumSwitchpoints: the most switchpoints of a day; less than the fewest is taken as the fewest.
    ///   - timingResolution: the grid of times.
    public init(
        minimumSwitchpoints: Int = 1,
        maximumSwitchpoints: Int = 6,
        timingResolution: Duration = .seconds(600)
    ) {
        let fewest = max(minimumSwitchpoints, 0)
        self.switchpointsPerDay = fewest...max(maximumSwitchpoints, fewest)
        self.timingResolution = timingResolution
    }
}
