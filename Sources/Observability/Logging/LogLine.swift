import Glibc
import Logging

/// What a log line looks like.
public enum LogFormat: String, CaseIterable, Sendable {
    /// For people: `2026-11-24T13:40:01.123Z info    poll  Read 12 zones location=2738909`.
    case text
    /// For programs: one JSON object per line, with the keys `time`, `level`, `component`, `message`, then the metadata.
    case json
}

/// One event with everything that its line says, in the order in which the line says it.
struct LogLine {
    var time: LogTime
    var level: Logger.Level
    /// The part of the program: the logger's label.
    var component: String
    var message: String
    /// In order of the keys.
    var metadata: [(key: String, value: Logger.MetadataValue)]

    /// - Returns: The line without its line feed.
    func formatted(as format: LogFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }
}

/// A moment as log lines show it: UTC, with milliseconds.
struct LogTime: Equatable, Sendable, CustomStringConvertible {
    /// Since 1970.
    var seconds: Int
    /// 0 to 999.
    var milliseconds: Int

    /// The time of the system's clock.
    static func now() -> LogTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(seconds: Int(time.tv_sec), milliseconds: Int(time.tv_nsec) / 1_000_000)
    }

    /// As `2026-11-24T13:40:01.123Z`.
    var description: String {
        var time = time_t(seconds)
        var civil = tm()
        gmtime_r(&time, &civil)
        let date = "\(digits(civil.tm_year + 1900, 4))-\(digits(civil.tm_mon + 1, 2))-\(digits(civil.tm_mday, 2))"
        let clock = "\(digits(civil.tm_hour, 2)):\(digits(civil.tm_min, 2)):\(digits(civil.tm_sec, 2))"
        return "\(date)T\(clock).\(digits(CInt(milliseconds), 3))Z"
    }

    private func digits(_ number: CInt, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}

extension Unicode.Scalar {
    /// Whether a log line must not contain the scalar as it is: it would begin a new line, control the terminal, change
    /// the direction of writing or hide. The joiner that holds emoji together is allowed.
    ///
    /// A log escapes where sentences replace (`isSafeToShow` in Basics), so that its reader can see what was there.
    var needsEscape: Bool {
        switch value {
        case 0x20..<0x7F: return false
        case 0..<0xA0: return true
        case 0x200D: return false
        default: break
        }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}

// MARK: - Text

extension LogLine {
    private var text: String {
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
    /// The value in one string; dictionaries in order of their keys.
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

    /// The string as a key or value: in quotes when its end would not be visible otherwise.
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

// MARK: - JSON

extension LogLine {
    /// Metadata whose key is one of the line's own gets `metadata.` before it.
    private var json: String {
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
    /// The string in quotes, with more escaped than JSON asks for: everything that needs it in a line of text, too.
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
    /// As `\u001b`, or as a surrogate pair beyond the first 65,536.
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
