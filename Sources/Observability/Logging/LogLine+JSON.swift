import Logging

extension LogLine {
    /// The line for programs, without its line feed. Metadata whose key is one of the line's own gets `metadata.` before it.
    var json: String {
        var members = [
            ("time", time.description.quotedForJSON),
            ("level", level.rawValue.quotedForJSON),
            ("component", component.quotedForJSON),
            ("message", message.quotedForJSON),
        ]
        let ownKeys = members.map(\.0)
        for (key, value) in metadata {
            members.append((ownKeys.contains(key) ? "metadata.\(key)" : key, value.json))
        }
        return object(members)
    }
}

extension Logger.MetadataValue {
    fileprivate var json: String {
        switch self {
        case .string(let string): string.quotedForJSON
        case .stringConvertible(let value): value.description.quotedForJSON
        case .array(let values): "[\(values.map(\.json).joined(separator: ","))]"
        case .dictionary(let values): object(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
        }
    }
}

private func object(_ members: [(key: String, json: String)]) -> String {
    "{\(members.map { "\($0.key.quotedForJSON):\($0.json)" }.joined(separator: ","))}"
}

extension String {
    fileprivate var quotedForJSON: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.needsEscape: quoted += scalar.escapedForJSON
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Unicode.Scalar {
    /// As `\u001b`, in two halves where it is beyond the first 65536.
    fileprivate var escapedForJSON: String {
        UTF16.encode(self).map(Array.init).map { units in
            units.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            .joined()
        } ?? ""
    }
}
