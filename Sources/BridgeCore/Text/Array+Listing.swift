extension [String] {
    /// Names from outside in a sentence: "Hall, Kitchen and Study", not more than a person reads; "none" where there are none.
    var listing: String {
        let most = 24
        let shown = prefix(most).map { $0.excerpt(upTo: 40) }
        guard let last = shown.last else { return "none" }
        if count > most { return shown.joined(separator: ", ") + " and \(count - most) more" }
        return shown.count == 1 ? last : shown.dropLast().joined(separator: ", ") + " and \(last)"
    }
}
