/// Which of two neighbouring steps a time between them goes to.
public enum RoundingDirection: Hashable, Sendable {
    case down
    /// The nearest; from the middle the later.
    case nearest
    case up
}

extension Instant {
    /// The instant on a grid of a resolution, which is counted from midnight of the local clock.
    ///
    /// Ten minutes are multiples of ten minutes on the clock of the location, also in Kathmandu, which is 5 h 45 min
    /// ahead of UTC. Rounding a second time changes nothing.
    ///
    /// - Parameters:
    ///   - direction: where an instant goes that is between two steps.
    ///   - resolution: the step, up to a day, in general the `timingResolution` that the cloud reported; zero or less
    ///     leaves the instant as it is.
    ///   - zone: the time zone of the location.
    /// - Returns: the instant on the grid.
    public func rounded(_ direction: RoundingDirection, to resolution: Duration, in zone: LocationTimeZone) -> Self {
        let offset = zone.offset(at: self.millisecondsSince1970)
        let rounded = (self.millisecondsSince1970 + offset).rounded(direction, to: resolution.wholeMilliseconds)
        return Self(millisecondsSince1970: LocalDateTime(milliseconds: rounded).milliseconds - offset)
    }
}

extension Duration {
    /// The duration as a multiple of a resolution: `.up` to an hour makes 90 minutes two hours, as modes with a duration
    /// (`AutoWithEco`) take them. A resolution of zero or less leaves it as it is.
    public func rounded(_ direction: RoundingDirection, to resolution: Duration) -> Self {
        let step = resolution.wholeMilliseconds
        return step > 0 ? .milliseconds(self.wholeMilliseconds.rounded(direction, to: step)) : self
    }
}

extension Int {
    /// The nearest multiples are those of a positive step; a number whose multiple cannot be held stays as it is.
    fileprivate func rounded(_ direction: RoundingDirection, to step: Int) -> Int {
        guard step > 0 else { return self }
        let (quotient, remainder) = self.dividedDown(by: step)
        let goesUp =
            switch direction {
            case .down: false
            case .nearest: remainder >= step - remainder
            case .up: remainder > 0
            }
        let (multiple, overflows) = (goesUp ? quotient + 1 : quotient).multipliedReportingOverflow(by: step)
        return overflows ? self : multiple
    }
}
