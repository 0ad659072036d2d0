import Foundation

/// The wall clock of a location: what schedules are written in.
struct LocalClock: Sendable {
    private let zone: TimeZone

    /// - Parameter timeZone: the `timeZone` object of an installation. Its `timeZoneId` is a Windows zone's name
    ///   without spaces and dots; where nobody knows it, the offset that stands beside it is kept all year.
    init(timeZone: JSON?) {
        let offset = timeZone?["offsetMinutes"]?.int ?? 0
        zone =
            timeZone?["timeZoneId"]?.string.flatMap { WindowsTimeZones.identifiers[$0] }
            .flatMap { TimeZone(identifier: $0) }
            ?? TimeZone(secondsFromGMT: offset * 60) ?? .gmt
    }

    /// Seconds east of Greenwich.
    func offset(at date: Date) -> Int { zone.secondsFromGMT(for: date) }

    /// An instant from a text without a zone, `yyyy-MM-ddTHH:mm:ss`.
    func date(wallClock text: String) -> Date? {
        guard let naive = Timestamp.date(text) else { return nil }
        // The offset is that of the instant itself, which lies near the text's reading as UTC.
        let guess = naive.addingTimeInterval(-Double(offset(at: naive)))
        return naive.addingTimeInterval(-Double(offset(at: guess)))
    }

    /// 0 at Monday 00:00, 10 079 at Sunday 23:59.
    func minuteOfWeek(at date: Date) -> Int {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + offset(at: date)
        // 1970-01-01 was a Thursday, three days after a Monday.
        return (seconds + 3 * 86_400).remainderRoundingDown(by: 7 * 86_400) / 60
    }
}
