extension JSONValue {
    /// JSON for people to read and change.
    ///
    /// - Parameter depth: How deep members and elements stand on lines of their own; what lies deeper is on one line.
    public func lines(toDepth depth: Int) -> String {
        lines(toDepth: depth, indent: "")
    }

    private func lines(toDepth depth: Int, indent: String) -> String {
        let deeper = indent + "  "
        let (open, items, close): (String, [String], String)
        switch self {
        case .array(let elements) where depth > 0 && !elements.isEmpty:
            (open, close) = ("[", "]")
            items = elements.map { $0.lines(toDepth: depth - 1, indent: deeper) }
        case .object(let members) where depth > 0 && !members.isEmpty:
            (open, close) = ("{", "}")
            items = members.map { member in
                "\(JSONValue.string(member.key).text): \(member.value.lines(toDepth: depth - 1, indent: deeper))"
            }
        default: return text
        }
        return "\(open)\n" + items.map { deeper + $0 }.joined(separator: ",\n") + "\n\(indent)\(close)"
    }
}
