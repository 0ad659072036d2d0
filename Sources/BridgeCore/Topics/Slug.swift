import Foundation

/// A name as one level of a topic: lower case, letters and digits of any script, `_` for the rest.
///
/// Users type anything into names, including `/`, `+` and `#`; none of that reaches a topic.
public struct Slug: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// - Returns: `nil` for a name of no characters.
    public init?(_ name: String) {
        guard !name.isEmpty else { return nil }
        description = name.precomposedStringWithCanonicalMapping.lowercased().map(Self.level).joined()
    }

    /// A character without what cannot be seen of it, such as the joiners of some scripts; `_` for one that is neither a
    /// letter nor a digit.
    private static func level(_ character: Character) -> String {
        let scalars = character.unicodeScalars.filter { !$0.properties.isDefaultIgnorableCodePoint }
        guard let first = scalars.first, isLetterOrDigit(first), scalars.dropFirst().allSatisfy(follows) else {
            return "_"
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: false
        }
    }

    /// Whether it may follow a letter: an accent, a vowel sign, or another letter of the same syllable.
    private static func follows(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: isLetterOrDigit(scalar)
        }
    }
}

/// Gives every name a level of its own: the second of two equal ones gets `_2`, the third `_3`.
struct UniqueLevels {
    private var taken: Set<String>

    /// - Parameter reserved: Levels that are in use already.
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
