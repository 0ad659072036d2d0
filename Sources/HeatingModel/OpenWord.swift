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
    var result = ""
    let characters = Array(text)
    for (index, character) in characters.enumerated() {
        let isBoundary =
            character.isUppercase && index > 0 && characters[index - 1] != "_"
            && (!characters[index - 1].isUppercase
                || (index + 1 < characters.count && characters[index + 1].isLowercase))
        if isBoundary, result.last != "_" { result.append("_") }
        result.append(contentsOf: character.isLetter || character.isNumber ? character.lowercased() : "_")
    }
    return result
}
