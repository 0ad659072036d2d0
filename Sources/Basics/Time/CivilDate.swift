/// A day of the Gregorian calendar, in the years 1 to 9999.
public struct CivilDate: Hashable, Sendable {
    let year: Int
    let month: Int
    let day: Int

    /// The day of these numbers, or `nil` if the calendar does not have it, such as 30 February.
    init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        guard (1...Self.length(ofMonth: month, year: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day at a number of days since 1 January 1970.
    init(daysSince1970: Int) {
        // Years are counted from March, so that the leap day is the last of its year, and in eras of 400 years, which
        // all have the same length.
        let (era, dayOfEra) = (daysSince1970 + Self.daysFromMarchOfYear0).dividedDown(by: Self.daysInEra)
        let leapDays = dayOfEra / 1460 - dayOfEra / 36524 + dayOfEra / (Self.daysInEra - 1)
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - Self.daysBefore(monthFromMarch: monthFromMarch) + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (monthFromMarch < 10 ? 0 : 1)
    }

    var daysSince1970: Int {
        let yearFromMarch = month > 2 ? year : year - 1
        let (era, yearOfEra) = yearFromMarch.dividedDown(by: 400)
        let dayOfYear = Self.daysBefore(monthFromMarch: (month + 9) % 12) + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysInEra + dayOfEra - Self.daysFromMarchOfYear0
    }

    private static let daysInEra = 146_097

    /// From 1 March of the year 0 to 1 January 1970.
    private static let daysFromMarchOfYear0 = 719_468

    /// The days of a year that begins in March that lie before a month (0 is March).
    private static func daysBefore(monthFromMarch: Int) -> Int {
        (153 * monthFromMarch + 2) / 5
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilDate: LosslessStringConvertible {
    /// Reads `2026-11-28`; `nil` for anything else, and for a day that the calendar does not have.
    public init?(_ text: some StringProtocol) {
        var scanner = TextScanner(text)
        self.init(&scanner)
        guard scanner.isAtEnd else { return nil }
    }

    init?(_ scanner: inout TextScanner) {
        guard
            let year = scanner.number(digits: 4...4), scanner.skip("-"),
            let month = scanner.number(digits: 2...2), scanner.skip("-"),
            let day = scanner.number(digits: 2...2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public var description: String {
        var writer = TextWriter()
        write(to: &writer)
        return writer.text
    }

    func write(to writer: inout TextWriter) {
        writer.write(year, digits: 4)
        writer.write("-")
        writer.write(month, digits: 2)
        writer.write("-")
        writer.write(day, digits: 2)
    }
}
