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
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(identifier) is no time zone.")
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
