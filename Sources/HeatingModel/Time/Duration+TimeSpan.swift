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
