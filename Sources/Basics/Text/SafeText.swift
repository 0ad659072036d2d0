// Text from outside, made safe to show: names, payloads and settings can contain anything.

extension Unicode.Scalar {
    /// Whether it may be shown in a sentence, a table or a payload: it can be seen, stays on its line, and does not change
    /// the direction of the text after it.
    public var isSafeToShow: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}

extension StringProtocol {
    /// The beginning of a text, safe to show in a sentence.
    public var excerpt: String { excerpt(upTo: 80) }

    /// The beginning of a text, safe to show, with an ellipsis where it was cut.
    ///
    /// - Parameters:
    ///   - limit: In Unicode scalars; one character can be made of any number of them.
    ///   - replacement: What is shown in place of each scalar that is not safe.
    public func excerpt(upTo limit: Int, replacement: Unicode.Scalar = "?") -> String {
        var excerpt = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(limit) {
            excerpt.append(scalar.isSafeToShow ? scalar : replacement)
        }
        return String(excerpt) + (unicodeScalars.dropFirst(limit).isEmpty ? "" : "…")
    }

    /// The text without white space at both ends, which editors, shells and environment files leave behind.
    public var trimmed: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}

extension [String] {
    /// Names in a sentence, safe to show: "Hall, Kitchen and Study"; "none" for no names. Of very many only the first are named.
    public var listing: String {
        let limit = 24
        let shown = prefix(limit).map { $0.excerpt(upTo: 40) }
        guard let last = shown.last else { return "none" }
        if count > limit { return shown.joined(separator: ", ") + " and \(count - limit) more" }
        return shown.count == 1 ? last : shown.dropLast().joined(separator: ", ") + " and \(last)"
    }
}
