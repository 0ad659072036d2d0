import Basics
import BridgeCore

/// The configuration that holds, for people: every key, its value and where that came from, and no secret.
struct EffectiveConfiguration: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let key: SettingKey
        /// `<secret>` where the value is secret, `-` where there is none.
        let value: String
        let source: SettingSource
    }

    /// A row for each key, in the order of the table.
    let rows: [Row]

    /// - Parameter reader: What was read.
    init(_ reader: SettingsReader) {
        rows = SettingKey.allCases.compactMap { key in
            reader.entries[key].map { entry in
                Row(key: key, value: entry.display.isEmpty ? "-" : entry.display, source: entry.source)
            }
        }
    }
}

extension EffectiveConfiguration {
    /// Key by key, for `bridge/info`.
    var json: JSONValue {
        .object(rows.map { JSONValue.Member($0.key.name, $0.value == "-" ? .null : .string($0.value)) })
    }
}

extension EffectiveConfiguration: CustomStringConvertible {
    /// Three columns: key, value, source.
    var description: String {
        let keyWidth = rows.map(\.key.name.count).max() ?? 0
        let valueWidth = min(rows.map(\.value.count).max() ?? 0, 40)
        return rows.map { row in
            row.key.name.padded(to: keyWidth) + "  " + row.value.padded(to: valueWidth) + "  \(row.source)"
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
