/// What a clock on the wall reads: a date and a time with no zone, to the millisecond, in the years 1 to 9999.
///
/// The cloud writes the start of a fault so (`since`), in the local time of the location; see
/// ``LocationTimeZone/instant(of:)`` for the instant that it means.
public struct LocalDateTime: Hashable, Sendable {
    /// Milliseconds since this clock read 1970-01-01T00:00:00, had it never been put forward or back.
    package let milliseconds: Int

    /// The reading at a number of milliseconds, or the nearest that can be represented.
    package init(milliseconds: Int) {
        self.milliseconds = Instant(millisecondsSince1970: milliseconds).millisecondsSince1970
    }

    init(day: Int, time: TimeOfDay) {
        self.init(milliseconds: day * Self.millisecondsPerDay + time.secondsSinceMidnight * 1000)
    }

    /// Days since 1970-01-01.
    package var day: Int { milliseconds.dividedDown(by: Self.millisecondsPerDay).quotient }

    private var millisecondOfDay: Int { milliseconds.dividedDown(by: Self.millisecondsPerDay).remainder }

    /// The time, with fractions of a second cut off.
    public var timeOfDay: TimeOfDay { TimeOfDay(wrapping: millisecondOfDay / 1000) }

    /// The day on the calendar.
    public var date: CivilDate { CivilDate(daysSince1970: day) }

    public var weekday: Weekday {
        // 1 January 1970 was a Thursday.
        Weekday.allCases[(day + Weekday.thursday.rawValue).dividedDown(by: 7).remainder]
    }

    private static let millisecondsPerDay = 86_400_000
}

extension LocalDateTime: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension LocalDateTime: LosslessStringConvertible {
    /// Reads a date and a time with no zone, such as `2022-03-02T15:56:01` or `2023-05-04T18:47:36.7727046`.
    ///
    /// Seconds may be left out, and may have a fraction of any length, which is cut off after the millisecond. It is
    /// `nil` for anything else, also with a `Z` or an offset, and for a date or time that does not exist.
    public init?(_ text: some StringProtocol) {
        var scanner = TextScanner(text)
        self.init(&scanner)
        guard scanner.isAtEnd else { return nil }
    }

    init?(_ scanner: inout TextScanner) {
        guard
            let date = CivilDate(&scanner), scanner.skip("T"),
            let time = TimeOfDay(&scanner, hourDigits: 2...2)
        else { return nil }
        let midnightToTime = date.daysSince1970 * Self.millisecondsPerDay + time.secondsSinceMidnight * 1000
        guard scanner.skip(".") else {
            self.init(milliseconds: midnightToTime)
            return
        }
        guard let nanoseconds = scanner.fraction() else { return nil }
        self.init(milliseconds: midnightToTime + nanoseconds / 1_000_000)
    }

    /// ISO 8601 with no zone: `2022-03-02T15:56:01`, with three decimals if it is not a whole second.
    public var description: String {
        var writer = TextWriter()
        write(to: &writer)
        return writer.text
    }

    func write(to writer: inout TextWriter) {
        CivilDate(daysSince1970: day).write(to: &writer)
        writer.write("T")
        timeOfDay.write(to: &writer)
        let fraction = millisecondOfDay % 1000
        guard fraction != 0 else { return }
        writer.write(".")
        writer.write(fraction, digits: 3)
    }
}

/// Which of two neighbouring steps a time between them goes to.
public enum RoundingDirection: Hashable, Sendable {
    case down
    case up
}

extension Instant {
    /// The instant on a grid of a resolution, which is counted from midnight of the local clock.
    ///
    /// Ten minutes are multiples of ten minutes on the clock of the location, also in Kathmandu, which is 5 h 45 min
    /// ahead of UTC. Rounding a second time changes nothing.
    ///
    /// - Parameters:
    ///   - direction: Where an instant between two steps goes.
    ///   - resolution: The step, up to a day, usually the `timingResolution` that the cloud reported; zero or less
    ///     leaves the instant as it is.
    ///   - zone: The time zone of the location.
    /// - Returns: The instant on the grid.
    public func rounded(_ direction: RoundingDirection, to resolution: Duration, in zone: LocationTimeZone) -> Self {
        let offset = zone.offset(at: millisecondsSince1970)
        let rounded = (millisecondsSince1970 + offset).rounded(direction, to: resolution.wholeMilliseconds)
        return Self(millisecondsSince1970: LocalDateTime(milliseconds: rounded).milliseconds - offset)
    }
}

extension Duration {
    /// The duration as a multiple of a resolution: `.up` to an hour makes 90 minutes two hours, as modes with a duration
    /// (`AutoWithEco`) take them. A resolution of zero or less leaves it as it is.
    public func rounded(_ direction: RoundingDirection, to resolution: Duration) -> Self {
        let step = resolution.wholeMilliseconds
        return step > 0 ? .milliseconds(wholeMilliseconds.rounded(direction, to: step)) : self
    }
}

extension Int {
    /// A number whose multiple cannot be represented stays as it is, and so does any number where the step is not positive.
    fileprivate func rounded(_ direction: RoundingDirection, to step: Int) -> Int {
        guard step > 0 else { return self }
        let (quotient, remainder) = dividedDown(by: step)
        let goesUp = direction == .up && remainder > 0
        let (multiple, overflows) = (goesUp ? quotient + 1 : quotient).multipliedReportingOverflow(by: step)
        return overflows ? self : multiple
    }
}
