extension Duration {
    /// The duration for people, in whole seconds: `1 h 30 min`, `3 d`, `45 s`, `0 s`.
    public var readable: String {
        let total = Int(components.seconds)
        let rest = total.magnitude
        let parts = [
            (rest / 86400, "d"),
            (rest / 3600 % 24, "h"),
            (rest / 60 % 60, "min"),
            (rest % 60, "s"),
        ]
        let shown = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
        guard !shown.isEmpty else { return "0 s" }
        return total < 0 ? "-" + shown : shown
    }
}

extension Duration {
    /// Reads .NET's `TimeSpan`, in which the cloud writes resolutions and longest durations: `[d.]hh:mm:ss[.fffffff]`,
    /// such as `00:10:00` or `99.00:00:00`.
    ///
    /// - Throws: ``DurationTextError`` for anything else, for zero, and for more than ``longestInText``.
    public init(parsingTimeSpan text: some StringProtocol) throws(DurationTextError) {
        var scanner = TextScanner(text)
        if scanner.skip("-") { throw .notPositive(String(text)) }
        guard var hours = scanner.number(digits: 1...8) else { throw .unreadableTimeSpan(String(text)) }
        var days = 0
        if scanner.skip(".") {
            days = hours
            guard let number = scanner.number(digits: 1...2) else { throw .unreadableTimeSpan(String(text)) }
            hours = number
        }
        guard
            hours < 24, scanner.skip(":"),
            let minutes = scanner.number(digits: 2...2), minutes < 60, scanner.skip(":"),
            let seconds = scanner.number(digits: 2...2), seconds < 60
        else { throw .unreadableTimeSpan(String(text)) }
        var nanoseconds = 0
        if scanner.skip(".") {
            guard let fraction = scanner.fraction() else { throw .unreadableTimeSpan(String(text)) }
            nanoseconds = fraction
        }
        guard scanner.isAtEnd else { throw .unreadableTimeSpan(String(text)) }
        let duration =
            Duration.seconds(days * 86400 + hours * 3600 + minutes * 60 + seconds) + .nanoseconds(nanoseconds)
        if duration <= .zero { throw .notPositive(String(text)) }
        if duration > .longestInText { throw .tooLong(String(text)) }
        self = duration
    }
}

extension Duration {
    /// The duration in milliseconds, rounded down, or the nearest that can be represented.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        let attosecondsPerMillisecond: Int64 = 1_000_000_000_000_000
        var (fraction, remainder) = attoseconds.quotientAndRemainder(dividingBy: attosecondsPerMillisecond)
        if remainder < 0 { fraction -= 1 }
        let (milliseconds, overflows) = Int(seconds).multipliedReportingOverflow(by: 1000)
        let (sum, sumOverflows) = milliseconds.addingReportingOverflow(Int(fraction))
        guard !overflows, !sumOverflows else { return seconds < 0 ? .min : .max }
        return sum
    }
}
