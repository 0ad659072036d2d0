extension LocationTimeZone {
    /// The first instant at which the clock on the wall reads a date and time, or is past it for the first time.
    ///
    /// Where the clock is put forward, the times that it leaps over are all reached in the moment of the leap: in London
    /// in March 01:30 means 01:00:00Z, when the clock goes from 00:59:59 to 02:00:00. Where it is put back, a time that
    /// comes twice means its first time. So later readings never mean earlier instants, and a schedule stays in order.
    public func instant(of local: LocalDateTime) -> Instant {
        self.occurrences(of: local).first
    }

    /// The first and the last instant at which the clock reads a time; they differ only where it is put back.
    func occurrences(of local: LocalDateTime) -> (first: Instant, last: Instant) {
        // No offset is as large as a day, and no zone changes its clocks twice within two days.
        let day = 86_400_000
        let offsetBefore = self.offset(at: local.milliseconds - day)
        let offsetAfter = self.offset(at: local.milliseconds + day)
        var first = local.milliseconds - offsetBefore
        var last = local.milliseconds - offsetAfter
        if offsetBefore != offsetAfter {
            let isReadBefore = self.offset(at: first) == offsetBefore
            let isReadAfter = self.offset(at: last) == offsetAfter
            switch (isReadBefore, isReadAfter) {
            case (true, true): break
            case (true, false): last = first
            case (false, true): first = last
            case (false, false):
                // Leapt over. The offset after the leap puts the time before it, the one before puts it after.
                first = self.change(after: last, notAfter: first)
                last = first
            }
        }
        return (Instant(millisecondsSince1970: first), Instant(millisecondsSince1970: last))
    }

    /// The moment between two instants, which have different offsets, from which the later offset holds.
    private func change(after earlier: Int, notAfter later: Int) -> Int {
        let offsetAfter = self.offset(at: later)
        var (before, after) = (earlier, later)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if self.offset(at: middle) == offsetAfter { after = middle } else { before = middle }
        }
        return after
    }
}
