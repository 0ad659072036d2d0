extension Duration {
    /// The duration in milliseconds, rounded down, or the nearest number that there is.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = self.components
        let attosecondsPerMillisecond: Int64 = 1_000_000_000_000_000
        var (fraction, remainder) = attoseconds.quotientAndRemainder(dividingBy: attosecondsPerMillisecond)
        if remainder < 0 { fraction -= 1 }
        let (milliseconds, overflows) = Int(seconds).multipliedReportingOverflow(by: 1000)
        let (sum, sumOverflows) = milliseconds.addingReportingOverflow(Int(fraction))
        guard !overflows, !sumOverflows else { return seconds < 0 ? .min : .max }
        return sum
    }
}
