/// A temperature in °C, as precise as its source gave it: half degrees in a status, hundredths from API v1.
public struct Temperature: Hashable, Sendable {
    public var celsius: Double

    public init(celsius: Double) {
        self.celsius = celsius
    }

    /// Whether two temperatures are the same to less than a given difference, which absorbs errors of floating point.
    public func isClose(to other: Temperature, within difference: Double) -> Bool {
        abs(celsius - other.celsius) < difference
    }
}

/// Compares as numbers do: NaN is in no range. The operators that follow from `<` by default would put it in every range.
extension Temperature: Comparable {
    public static func < (left: Temperature, right: Temperature) -> Bool { left.celsius < right.celsius }
    public static func <= (left: Temperature, right: Temperature) -> Bool { left.celsius <= right.celsius }
    public static func > (left: Temperature, right: Temperature) -> Bool { left.celsius > right.celsius }
    public static func >= (left: Temperature, right: Temperature) -> Bool { left.celsius >= right.celsius }
}

extension Temperature: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral celsius: Double) {
        self.init(celsius: celsius)
    }

    public init(integerLiteral celsius: Int) {
        self.init(celsius: Double(celsius))
    }
}

extension Temperature: LosslessStringConvertible {
    /// Reads the number alone, such as `21.5`; `nil` for anything else.
    public init?(_ description: String) {
        guard let celsius = Double(description), celsius.isFinite else { return nil }
        self.init(celsius: celsius)
    }

    /// The number alone, such as `21.5`.
    public var description: String { "\(celsius)" }
}

extension Temperature: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(celsius: try decoder.singleValueContainer().decode(Double.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(celsius)
    }
}
