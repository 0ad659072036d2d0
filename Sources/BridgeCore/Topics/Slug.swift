import Foundation

/// A name as one level of a topic: lower case, letters and digits of any script, `_` for the rest.
///
/// Names hold whatever users typed, `/`, `+` and `#` among it; none of that reaches a topic.
public struct Slug: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// - Returns: `nil` for a name of no characters.
    public init?(_ name: String) {
        guard !name.isEmpty else { return nil }
        description = String(
            name.precomposedStringWithCanonicalMapping.lowercased().map { character in
                character.unicodeScalars.allSatisfy(Self.stays) ? character : "_"
            }
        )
    }

    private static func stays(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        case .nonspacingMark, .spacingMark: true
        case .decimalNumber: true
        default: false
        }
    }
}

/// Gives every name a level of its own: the second of two equal ones gets `_2`, the third `_3`.
struct UniqueLevels {
    private var taken: Set<String>

    /// - Parameter reserved: Levels that are somebody else's.
    init(reserved: Set<String> = []) {
        taken = reserved
    }

    mutating func level(for wanted: String) -> String {
        var level = wanted
        var number = 2
        while !taken.insert(level).inserted {
            level = "\(wanted)_\(number)"
            number += 1
        }
        return level
    }
}
