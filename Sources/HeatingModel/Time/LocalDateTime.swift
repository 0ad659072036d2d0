/// What a clock on the wall reads: a date and a time with no zone, to the millisecond, in the years 1 to 9999.
///
/// The cloud writes the start of a fault so (`since`), in the local time of the location; see
/// ``LocationTimeZone/instant(of:)`` for the instant that it means.
public struct LocalDateTime: Hashable, Sendable {
    /// Milliseconds since this clock read 1970-01-01T00:00:00, had nobody ever put it forward or back.
    let milliseconds: Int

    /// The reading of so many milliseconds, or the nearest that there is.
    init(milliseconds: Int) {
        self.milliseconds = Instant(millisecondsSince1970: milliseconds).millisecondsSince1970
    }

    init(day: Int, time: TimeOfDay) {
        self.init(milliseconds: day * Self.millisecondsPerDay + time.secondsSinceMidnight * 1000)
    }

    /// Days since 1970-01-01.
    var day: Int { self.milliseconds.dividedDown(by: Self.millisecondsPerDay).quotient }

    private var millisecondOfDay: Int { self.milliseconds.dividedDown(by: Self.millisecondsPerDay).remainder }

    /// The time, with fractions of a second cut off.
    public var timeOfDay: TimeOfDay { TimeOfDay(wrapping: self.millisecondOfDay / 1000) }

    public var weekday: Weekday {
        // 1 January 1970 was a Thursday.
        Weekday.allCases[(self.day + Weekday.thursday.rawValue).dividedDown(by: 7).remainder]
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
            let year = scanner.number(digits: 4...4), scanner.skip("-"),
            let month = scanner.number(digits: 2...2), scanner.skip("-"),
            let day = scanner.number(digits: 2...2), scanner.skip("T"),
            let date = CivilDate(year: year, month: month, day: day),
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

    /// ISO 8601 with no zone: `2022-03-02T15:56:01`, with three decimals where it is no whole second.
    public var description: String {
        let fraction = self.millisecondOfDay % 1000
        let decimals = fraction == 0 ? "" : "." + fraction.padded(to: 3)
        return "\(CivilDate(daysSince1970: self.day))T\(self.timeOfDay.withSeconds)\(decimals)"
    }
}
