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
        guard self.millisecondsSince1970 == milliseconds else { return nil }
    }

    /// ISO 8601 in UTC: `2026-11-24T18:00:00Z`, with three decimals where it is no whole second.
    public var description: String {
        "\(LocalDateTime(milliseconds: self.millisecondsSince1970))Z"
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
    /// Reads the text that ``encode(to:)`` writes, and every other that ``init(_:)`` takes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "This is no time in ISO 8601 with a zone, such as 2026-11-24T18:00:00Z."
            )
        }
        self = instant
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self.description)
    }
}
