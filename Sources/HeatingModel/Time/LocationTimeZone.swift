import Foundation

/// The time zone of a location: turns instants into what the clock on its wall reads, and back.
public struct LocationTimeZone: Hashable, Sendable {
    private let zone: TimeZone

    /// Whether the zone's rules are known, summer time included, and not only an offset that held at some moment.
    public let isExact: Bool

    /// The IANA name, such as `Europe/London`, or an offset, such as `GMT+0530`.
    public var identifier: String { self.zone.identifier }

    /// The zone of an IANA name such as `Europe/London`, or `nil` where the system has none of that name.
    public init?(identifier: String) {
        guard let zone = TimeZone(identifier: identifier) else { return nil }
        self.zone = zone
        self.isExact = true
    }

    /// A zone that is always so many minutes ahead of UTC (behind, where negative).
    ///
    /// - Parameters:
    ///   - offsetMinutes: -1080 to 1080; an offset beyond cannot be right, and UTC stands for it.
    ///   - isExact: whether the location is known to keep no summer time; else the zone is a guess.
    public init(offsetMinutes: Int, isExact: Bool = false) {
        let isPossible = (-18 * 60...18 * 60).contains(offsetMinutes)
        self.zone = TimeZone(secondsFromGMT: isPossible ? offsetMinutes * 60 : 0) ?? .gmt
        self.isExact = isExact && isPossible
    }

    /// What the clock on the wall reads at an instant.
    public func localDateTime(at instant: Instant) -> LocalDateTime {
        LocalDateTime(milliseconds: instant.millisecondsSince1970 + self.offset(at: instant.millisecondsSince1970))
    }

    /// Nothing later than this has been read on the clock up to an instant: what it reads then, and as much more as it
    /// has been put back within a day.
    func latestReading(upTo instant: Instant) -> LocalDateTime {
        let now = instant.millisecondsSince1970
        let offset = self.offset(at: now)
        return LocalDateTime(milliseconds: now + max(offset, self.offset(at: now - 86_400_000)))
    }

    /// Milliseconds ahead of UTC at so many milliseconds after the start of 1970.
    func offset(at millisecondsSince1970: Int) -> Int {
        let date = Date(timeIntervalSince1970: Double(millisecondsSince1970) / 1000)
        return self.zone.secondsFromGMT(for: date) * 1000
    }
}
