import BridgeCore

/// The configuration in force, for people: every key, its value and where that came from, and no secret.
struct EffectiveConfiguration: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let key: SettingKey
        /// `<secret>` if the value is secret, `-` if there is none.
        let value: String
        let source: SettingSource
    }

    /// A row for each setting, in the order of the table.
    let rows: [Row]
}

extension EffectiveConfiguration {
    /// For `bridge/info`.
    var json: JSONValue {
        .object(rows.map { JSONValue.Member($0.key.name, $0.value == "-" ? .null : .string($0.value)) })
    }

    /// The keys whose values are not what they were. A secret that was replaced by another looks the same here.
    func differences(from earlier: EffectiveConfiguration) -> [SettingKey] {
        let values = Dictionary(earlier.rows.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        return rows.filter { values[$0.key] != $0.value }.map(\.key)
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
