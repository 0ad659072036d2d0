import Foundation

/// The time zone of a location: turns instants into what the clock on its wall reads, and back.
public struct LocationTimeZone: Hashable, Sendable {
    private let zone: TimeZone
    /// Milliseconds ahead of UTC, where they are always the same; `nil` where the rules have to be asked, which takes much
    /// longer.
    private var fixedOffset: Int?

    /// Whether the zone's rules are known, summer time included, rather than only its offset at some moment.
    public let isExact: Bool

    /// The IANA name, such as `Europe/London`, or an offset, such as `GMT+0530`.
    public var identifier: String { zone.identifier }

    /// The zone of an IANA name such as `Europe/London`, or `nil` if the system does not have it.
    public init?(identifier: String) {
        guard let zone = TimeZone(identifier: identifier) else { return nil }
        self.zone = zone
        isExact = true
    }

    /// A zone with a fixed offset from UTC, as a guess: the location may have summer time.
    ///
    /// - Parameter offsetMinutes: Minutes ahead of UTC, -1080 to 1080. A larger offset cannot be right and counts as 0.
    public init(offsetMinutes: Int) {
        let isPossible = (-18 * 60...18 * 60).contains(offsetMinutes)
        zone = TimeZone(secondsFromGMT: isPossible ? offsetMinutes * 60 : 0) ?? .gmt
        fixedOffset = zone.secondsFromGMT() * 1000
        isExact = false
    }

    /// What the clock on the wall reads at an instant.
    public func localDateTime(at instant: Instant) -> LocalDateTime {
        LocalDateTime(milliseconds: instant.millisecondsSince1970 + offset(at: instant.millisecondsSince1970))
    }

    /// The latest reading of the clock up to an instant: what it reads then, plus what it was put back within a day.
    package func latestReading(upTo instant: Instant) -> LocalDateTime {
        let now = instant.millisecondsSince1970
        let offset = self.offset(at: now)
        return LocalDateTime(milliseconds: now + max(offset, self.offset(at: now - 86_400_000)))
    }

    /// Milliseconds ahead of UTC at a time in milliseconds since 1970.
    func offset(at millisecondsSince1970: Int) -> Int {
        if let fixedOffset { return fixedOffset }
        let date = Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1000)
        return zone.secondsFromGMT(for: date) * 1000
    }
}

extension LocationTimeZone {
    /// The same zone for the ten days before and after an instant: one with a fixed offset, unless the clocks change in that
    /// time. Whoever looks for many times of a week asks the rules a few times then, and not for each.
    public func steady(around instant: Instant) -> LocationTimeZone {
        let (middle, day) = (instant.millisecondsSince1970, 86_400_000)
        let offset = self.offset(at: middle)
        // No zone changes its clocks twice within two days.
        let days = stride(from: -10, through: 10, by: 2)
        guard days.allSatisfy({ self.offset(at: middle + $0 * day) == offset }) else { return self }
        var steady = self
        steady.fixedOffset = offset
        return steady
    }

    /// The first instant at which the clock on the wall reads a date and time, or is past it for the first time.
    ///
    /// Where the clock is put forward, the times that it leaps over are all reached in the moment of the leap: in London
    /// in March 01:30 means 01:00:00Z, when the clock goes from 00:59:59 to 02:00:00. Where it is put back, a time that
    /// comes twice means its first time. So later readings never mean earlier instants, and a schedule stays in order.
    public func instant(of local: LocalDateTime) -> Instant {
        occurrences(of: local).first
    }

    /// The first and the last instant at which the clock reads a time; they differ only where it is put back.
    func occurrences(of local: LocalDateTime) -> (first: Instant, last: Instant) {
        // No offset is as large as a day, and no zone changes its clocks twice within two days.
        let day = 86_400_000
        let offsetBefore = offset(at: local.milliseconds - day)
        let offsetAfter = offset(at: local.milliseconds + day)
        var first = local.milliseconds - offsetBefore
        var last = local.milliseconds - offsetAfter
        if offsetBefore != offsetAfter {
            let isReadBefore = offset(at: first) == offsetBefore
            let isReadAfter = offset(at: last) == offsetAfter
            switch (isReadBefore, isReadAfter) {
            case (true, true): break
            case (true, false): last = first
            case (false, true): first = last
            case (false, false):
                // Leapt over. The offset after the leap puts the time before it, the one before puts it after.
                first = change(after: last, notAfter: first)
                last = first
            }
        }
        return (Instant(millisecondsSince1970: first), Instant(millisecondsSince1970: last))
    }

    /// The moment between two instants, which have different offsets, from which the later offset holds.
    private func change(after earlier: Int, notAfter later: Int) -> Int {
        let offsetAfter = offset(at: later)
        var (before, after) = (earlier, later)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if offset(at: middle) == offsetAfter { after = middle } else { before = middle }
        }
        return after
    }
}

extension LocationTimeZone {
    /// The next instant, later than the one given, at which the clock on the wall reads a time.
    ///
    /// A time that comes twice on a day counts twice: at 01:20 on its second pass, 01:30 is ten minutes away. A time that
    /// the clock leaps over is reached in the moment of the leap.
    public func nextOccurrence(of time: TimeOfDay, after instant: Instant) -> Instant {
        let today = localDateTime(at: instant).day
        // From yesterday: where the clock is put back over midnight, the end of a day comes twice.
        for day in today - 1...today {
            let (first, last) = occurrences(of: LocalDateTime(day: day, time: time))
            if first > instant { return first }
            if last > instant { return last }
        }
        return self.instant(of: LocalDateTime(day: today + 1, time: time))
    }

    /// The instant at which the clock on the wall reads a date and time. Of a time that comes twice it is the first that
    /// is later than the instant given, and of one that is over, the first.
    public func occurrence(of local: LocalDateTime, after instant: Instant) -> Instant {
        let (first, last) = occurrences(of: local)
        return first <= instant && last > instant ? last : first
    }

    /// The local midnight at which a day ends.
    public func end(of day: CivilDate) -> Instant {
        start(ofDay: day.daysSince1970 + 1)
    }

    /// The local midnight at which the n-th day ends, where the day of the given instant is day 1: modes with a period
    /// (`Away`, `DayOff`, `Custom`) end there.
    ///
    /// - Parameters:
    ///   - count: n; less than 1 counts as 1.
    ///   - instant: An instant of day 1, usually now.
    /// - Returns: The first instant of the day after; where the clock leaps over midnight, the moment of the leap.
    public func midnight(endingDay count: Int, from instant: Instant) -> Instant {
        // More days than the supported years have; the result stops at the last instant.
        let count = min(max(count, 1), 4_000_000)
        return start(ofDay: localDateTime(at: instant).day + count)
    }

    /// The local midnight at an instant, or else the next one after it: how an end for a mode with a period is rounded.
    public func midnight(atOrAfter instant: Instant) -> Instant {
        let today = localDateTime(at: instant).day
        let start = self.start(ofDay: today)
        return start == instant ? start : self.start(ofDay: today + 1)
    }

    private func start(ofDay day: Int) -> Instant {
        instant(of: LocalDateTime(day: day, time: .midnight))
    }
}

extension LocationTimeZone: Codable {
    /// Reads what ``encode(to:)`` writes: an IANA name, or a number of minutes ahead of UTC.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let minutes = try? container.decode(Int.self) {
            self.init(offsetMinutes: minutes)
            return
        }
        let identifier = try container.decode(String.self)
        guard let zone = LocationTimeZone(identifier: identifier) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\(identifier) is not a known time zone."
            )
        }
        self = zone
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if isExact {
            try container.encode(identifier)
        } else {
            try container.encode(offset(at: 0) / 60_000)
        }
    }
}
