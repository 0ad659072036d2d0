extension LocationTimeZone {
    /// The next instant, later than the one given, at which the clock on the wall reads a time.
    ///
    /// A time that comes twice on a day counts twice: at 01:20 on its second pass, 01:30 is ten minutes away. A time that
    /// the clock leaps over is reached in the moment of the leap.
    public func nextOccurrence(of time: TimeOfDay, after instant: Instant) -> Instant {
        let today = self.localDateTime(at: instant).day
        // From yesterday: where the clock is put back over midnight, the end of a day comes twice.
        for day in today - 1...today {
            let (first, last) = self.occurrences(of: LocalDateTime(day: day, time: time))
            if first > instant { return first }
            if last > instant { return last }
        }
        return self.instant(of: LocalDateTime(day: today + 1, time: time))
    }

    /// The local midnight at which the n-th day ends, where the day of the given instant is day 1: modes with a period
    /// (`Away`, `DayOff`, `Custom`) end there.
    ///
    /// - Parameters:
    ///   - count: n; less than 1 is taken as 1.
    ///   - instant: an instant of day 1, in general now.
    /// - Returns: the first instant of the day after; where the clock leaps over midnight, the moment of the leap.
    public func midnight(endingDay count: Int, from instant: Instant) -> Instant {
        // Not even the first day of all years is farther than this from the last one, which stands for all beyond.
        let count = min(max(count, 1), 4_000_000)
        return self.start(ofDay: self.localDateTime(at: instant).day + count)
    }

    /// The local midnight at an instant, or else the next one after it: how an end for a mode with a period is rounded.
    public func midnight(atOrAfter instant: Instant) -> Instant {
        let today = self.localDateTime(at: instant).day
        let start = self.start(ofDay: today)
        return start == instant ? start : self.start(ofDay: today + 1)
    }

    private func start(ofDay day: Int) -> Instant {
        self.instant(of: LocalDateTime(day: day, time: .midnight))
    }
}
