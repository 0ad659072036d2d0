/// A word from one of the vendor's enumerations, in our snake_case form (`FollowSchedule` is `follow_schedule`).
///
/// Every enumeration of the cloud is open: values that nobody has seen before pass through, since a strict list has
/// broken whole homes whenever the vendor added a value (Home Assistant core issues 178493, 178999, 179414).
public protocol OpenWord: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible
where RawValue == String {
    init(rawValue: String)
}

extension OpenWord {
    public var description: String { rawValue }

    /// - Parameter vendorText: The cloud's PascalCase, such as `AutoWithEco`.
    public init(vendorText: String) {
        self.init(rawValue: snakeCase(vendorText))
    }

    /// The cloud's PascalCase form, such as `AutoWithEco`.
    public var vendorText: String {
        rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// Whether a person who typed `text` meant this word: in any case, in the vendor's form or in ours.
    public func isMeant(by text: String) -> Bool {
        letters(of: text) == letters(of: rawValue)
    }

    public init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// The name of a model, or of a type of zone; nothing is decided by it.
public struct ModelWord: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

private func letters(of text: String) -> String {
    text.lowercased().filter { $0 != "_" && $0 != " " && $0 != "-" }
}

/// `DHWSensorLowBattery` becomes `dhw_sensor_low_battery`: a run of capitals is one word, whose last letter belongs to
/// the next word when a small letter follows it.
private func snakeCase(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result: [UInt8] = []
    result.reserveCapacity(scalars.count + 8)
    let underscore = UInt8(ascii: "_")
    for (index, scalar) in scalars.enumerated() {
        let isBoundary =
            scalar.isCapital && index > 0 && scalars[index - 1] != "_"
            && (!scalars[index - 1].isCapital || (index + 1 < scalars.count && scalars[index + 1].isSmall))
        if isBoundary, result.last != underscore { result.append(underscore) }
        scalar.appendWordCharacter(to: &result)
    }
    return String(decoding: result, as: UTF8.self)
}

/// Several words are in every status, nearly all of them ASCII, whose properties need no table.
extension Unicode.Scalar {
    fileprivate var isCapital: Bool { isASCII ? ("A"..."Z").contains(self) : properties.isUppercase }

    fileprivate var isSmall: Bool { isASCII ? ("a"..."z").contains(self) : properties.isLowercase }

    /// In lower case; what is neither a letter nor a digit is `_`.
    fileprivate func appendWordCharacter(to text: inout [UInt8]) {
        guard isASCII else {
            let isPart = properties.isAlphabetic || properties.numericType != nil || properties.isGraphemeExtend
            text.append(contentsOf: (isPart ? properties.lowercaseMapping : "_").utf8)
            return
        }
        switch self {
        case "a"..."z", "0"..."9": text.append(UInt8(value))
        case "A"..."Z": text.append(UInt8(value) | 0x20)
        default: text.append(UInt8(ascii: "_"))
        }
    }
}
