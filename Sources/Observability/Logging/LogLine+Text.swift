import Logging

extension LogLine {
    /// The line for people, without its line feed.
    var text: String {
        let level = level.rawValue
        var line = "\(time) \(level)\(String(repeating: " ", count: max(0, 7 - level.count))) "
        line += "\(component.escapedForText)  \(message.escapedForText)"
        for (key, value) in metadata {
            line += " \(key.asTextToken)=\(value.plainText.asTextToken)"
        }
        return line
    }
}

extension Logger.MetadataValue {
    /// The value in one string; lists and dictionaries in the order of their keys.
    fileprivate var plainText: String {
        switch self {
        case .string(let string): string
        case .stringConvertible(let value): value.description
        case .array(let values): "[\(values.map(\.plainText).joined(separator: ", "))]"
        case .dictionary(let values):
            "{\(values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.plainText)" }.joined(separator: ", "))}"
        }
    }
}

extension String {
    /// The string on one line, with nothing in it that a terminal would obey.
    fileprivate var escapedForText: String {
        guard unicodeScalars.contains(where: \.needsEscape) else { return self }
        return unicodeScalars.reduce(into: "") { escaped, scalar in
            if scalar.needsEscape {
                escaped += scalar.escapedForText
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
    }

    /// The string as a key or value: in quotes where it would not be seen where it ends.
    fileprivate var asTextToken: String {
        if !isEmpty, !unicodeScalars.contains(where: \.needsQuotes) { return self }
        let quoted = unicodeScalars.reduce(into: "") { quoted, scalar in
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return "\"\(quoted.escapedForText)\""
    }
}

extension Unicode.Scalar {
    fileprivate var needsQuotes: Bool {
        self == "\"" || self == "\\" || self == "=" || properties.isWhitespace || needsEscape
    }

    fileprivate var escapedForText: String {
        switch self {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(value, radix: 16))}"
        }
    }
}
