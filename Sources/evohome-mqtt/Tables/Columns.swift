import Basics

extension String {
    /// The text in exactly this many columns of a terminal, cut or padded; the last column is always a space.
    func fitted(to width: Int) -> String {
        let cut = cut(to: width - 1)
        return cut + String(repeating: " ", count: width - cut.columns)
    }

    /// The text right-aligned in this many columns.
    func fittedRight(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - columns)) + self
    }

    /// As much of the text as fits in this many columns, with `?` for what cannot be seen.
    func cut(to width: Int) -> String {
        var cut = ""
        var used = 0
        for character in self {
            let shown = character.isSafeToShow ? character : "?"
            guard used + shown.columns <= width else { break }
            cut.append(shown)
            used += shown.columns
        }
        return cut
    }

    /// How many columns of a terminal the text takes.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    var trimmingTrailingSpaces: String {
        String(prefix(upTo: lastIndex { $0 != " " }.map(index(after:)) ?? startIndex))
    }
}

extension Character {
    /// Names come from outside: no part of one may move the cursor or change the direction of the text after it.
    fileprivate var isSafeToShow: Bool { unicodeScalars.allSatisfy(\.isSafeToShow) }

    /// Two for East Asian scripts and emoji (Unicode Standard Annex 11), else one.
    fileprivate var columns: Int {
        unicodeScalars.contains { $0.properties.isEmojiPresentation || $0.isWide } ? 2 : 1
    }
}

extension Unicode.Scalar {
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
            0xffe0...0xffe6, 0x20000...0x3fffd:
            true
        default: false
        }
    }
}
