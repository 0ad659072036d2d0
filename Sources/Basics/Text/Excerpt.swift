extension StringProtocol {
    /// The beginning of a text that came from outside, fit to stand in a sentence: of bounded length, on one line,
    /// with `?` for characters that cannot be seen or would change how the rest is shown.
    public var excerpt: String { excerpt(upTo: 80) }

    /// - Parameter longest: In Unicode scalars; one character can be made of any number of them.
    public func excerpt(upTo longest: Int) -> String {
        var excerpt = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(longest) {
            excerpt.append(scalar.isPlain ? scalar : "?")
        }
        return String(excerpt) + (unicodeScalars.dropFirst(longest).isEmpty ? "" : "…")
    }
}

extension StringProtocol {
    /// The text without white space at both ends, which editors, shells and environment files leave behind.
    public var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}

extension Unicode.Scalar {
    fileprivate var isPlain: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}

extension [String] {
    /// Names from outside in a sentence: "Hall, Kitchen and Study", not more than a person reads; "none" where there are none.
    public var listing: String {
        let most = 24
        let shown = prefix(most).map { $0.excerpt(upTo: 40) }
        guard let last = shown.last else { return "none" }
        if count > most { return shown.joined(separator: ", ") + " and \(count - most) more" }
        return shown.count == 1 ? last : shown.dropLast().joined(separator: ", ") + " and \(last)"
    }
}
