/// A point in time on the wall clock, in UTC, to the millisecond, in the years 1 to 9999.
///
/// It is the currency for everything that has a date: ends of overrides, switchpoints, expiries. Intervals that only need
/// to be measured belong on a monotonic clock. Arithmetic never traps: it stops at ``earliest`` and ``latest``, so every
/// instant can be written as text and read back.
public struct Instant: Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let millisecondsSince1970: Int

    /// The instant so many milliseconds after the start of 1970, or the nearest that there is.
    public init(millisecondsSince1970: Int) {
        let range = Self.earliest.millisecondsSince1970...Self.latest.millisecondsSince1970
        self.init(unchecked: min(max(millisecondsSince1970, range.lowerBound), range.upperBound))
    }

    /// As programs count that show times of their own accord.
    public var secondsSince1970: Double { Double(millisecondsSince1970) / 1000 }

    private init(unchecked millisecondsSince1970: Int) {
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// 0001-01-01T00:00:00Z. It is what .NET, the vendor's platform, writes for a time that was never set.
    public static let earliest = Self(unchecked: -62_135_596_800_000)

    /// 9999-12-31T23:59:59.999Z.
    public static let latest = Self(unchecked: 253_402_300_799_999)
}

extension Instant: InstantProtocol {
    /// The instant so much later, rounded down to the millisecond.
    public func advanced(by duration: Duration) -> Self {
        self.advanced(byMilliseconds: duration.wholeMilliseconds)
    }

    public func duration(to other: Self) -> Duration {
        .milliseconds(other.millisecondsSince1970 - self.millisecondsSince1970)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }

    public static func + (instant: Self, duration: Duration) -> Self {
        instant.advanced(by: duration)
    }

    public static func - (instant: Self, duration: Duration) -> Self {
        instant.advanced(by: .zero - duration)
    }

    /// How much later the first is than the second.
    public static func - (later: Self, earlier: Self) -> Duration {
        earlier.duration(to: later)
    }

    private func advanced(byMilliseconds milliseconds: Int) -> Self {
        let (sum, overflows) = self.millisecondsSince1970.addingReportingOverflow(milliseconds)
        guard !overflows else { return milliseconds < 0 ? .earliest : .latest }
        return Self(millisecondsSince1970: sum)
    }
}
