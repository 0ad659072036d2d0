public import Foundation

/// A point in time on the wall clock, in UTC, to the millisecond, in the years 1 to 9999.
///
/// It is the currency for everything that has a date: ends of overrides, switchpoints, expiries. Intervals that only need
/// to be measured belong on a monotonic clock. Arithmetic never traps: it stops at ``earliest`` and ``latest``, so every
/// instant can be written as text and read back.
public struct Instant: Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let millisecondsSince1970: Int

    /// The instant at a number of milliseconds since 1970, or the nearest that can be represented.
    public init(millisecondsSince1970: Int) {
        let range = Self.earliest.millisecondsSince1970...Self.latest.millisecondsSince1970
        self.init(unchecked: min(max(millisecondsSince1970, range.lowerBound), range.upperBound))
    }

    /// For programs that format times themselves.
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
    /// The instant after a duration, rounded down to the millisecond.
    public func advanced(by duration: Duration) -> Self {
        advanced(byMilliseconds: duration.wholeMilliseconds)
    }

    public func duration(to other: Self) -> Duration {
        .milliseconds(other.millisecondsSince1970 - millisecondsSince1970)
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
        let (sum, overflows) = millisecondsSince1970.addingReportingOverflow(milliseconds)
        guard !overflows else { return milliseconds < 0 ? .earliest : .latest }
        return Self(millisecondsSince1970: sum)
    }
}

extension Instant: LosslessStringConvertible {
    /// Reads ISO 8601 with a date, a time and an offset: `2026-11-24T18:00:00Z`, `2026-11-24T19:00+01:00`.
    ///
    /// Seconds may be left out, and may have a fraction of any length, which is cut off after the millisecond. Offsets
    /// are `Z`, `±hh:mm` or `±hhmm`. It is `nil` for anything else: no offset, a space for the `T`, a leap second, a
    /// date or time that does not exist, or one outside the years 1 to 9999.
    public init?(_ text: some StringProtocol) {
        var scanner = TextScanner(text)
        guard
            let local = LocalDateTime(&scanner),
            let offset = Self.offset(&scanner),
            scanner.isAtEnd
        else { return nil }
        let milliseconds = local.milliseconds - offset * 1000
        self.init(millisecondsSince1970: milliseconds)
        guard millisecondsSince1970 == milliseconds else { return nil }
    }

    /// ISO 8601 in UTC: `2026-11-24T18:00:00Z`, with three decimals if it is not a whole second.
    public var description: String {
        var writer = TextWriter()
        LocalDateTime(milliseconds: millisecondsSince1970).write(to: &writer)
        writer.write("Z")
        return writer.text
    }

    /// Seconds east of Greenwich.
    private static func offset(_ scanner: inout TextScanner) -> Int? {
        if scanner.skip("Z") { return 0 }
        let isWest = scanner.skip("-")
        guard isWest || scanner.skip("+"), let hours = scanner.number(digits: 2...2), hours < 24 else { return nil }
        _ = scanner.skip(":")
        guard let minutes = scanner.number(digits: 2...2), minutes < 60 else { return nil }
        return (isWest ? -1 : 1) * (hours * 3600 + minutes * 60)
    }
}

extension Instant: Codable {
    /// Reads the text that ``encode(to:)`` writes, and every other that ``init(_:)`` accepts.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "This is not a time in ISO 8601 with a zone, such as 2026-11-24T18:00:00Z."
            )
        }
        self = instant
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Instant {
    /// The instant of a Foundation date, rounded down to the millisecond.
    public init(_ date: Date) {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded(.down)
        if let exact = Int(exactly: milliseconds) {
            self.init(millisecondsSince1970: exact)
        } else {
            self = milliseconds < 0 ? .earliest : .latest
        }
    }
}
