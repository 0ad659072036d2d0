public import Basics

// Tables of times read best as texts. A literal that is no time is a mistake in the table and stops the run.

extension Instant: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let instant = Self(text) else { preconditionFailure("\(text) is no instant") }
        self = instant
    }
}

extension LocalDateTime: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let reading = Self(text) else { preconditionFailure("\(text) is no local date and time") }
        self = reading
    }
}

extension TimeOfDay: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let time = Self(text) else { preconditionFailure("\(text) is no time of day") }
        self = time
    }
}

extension LocationTimeZone: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        guard let zone = Self(identifier: text) else { preconditionFailure("\(text) is no time zone") }
        self = zone
    }
}
