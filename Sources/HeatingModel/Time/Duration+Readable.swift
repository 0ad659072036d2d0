extension Duration {
    /// The duration for people, in whole seconds: `1 h 30 min`, `3 d`, `45 s`, `0 s`.
    public var readable: String {
        let total = Int(self.components.seconds)
        let rest = total.magnitude
        let parts = [
            (rest / 86400, "d"),
            (rest / 3600 % 24, "h"),
            (rest / 60 % 60, "min"),
            (rest % 60, "s"),
        ]
        let shown = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
        guard !shown.isEmpty else { return "0 s" }
        return total < 0 ? "-" + shown : shown
    }
}
