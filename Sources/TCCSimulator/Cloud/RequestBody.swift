import Foundation

/// The JSON object that a command comes as.
struct RequestBody {
    let text: [UInt8]
    let object: JSONObject

    /// An empty body and `null` are a missing `request`, whatever is no object is invalid input.
    init(_ text: [UInt8]) throws(CloudError) {
        self.text = text
        if text.isEmpty { throw .missing("request") }
        let json: JSON
        do { json = try JSON(parsing: text) } catch { throw .invalidInput }
        switch json {
        case .null: throw .missing("request")
        case .object(let object): self.object = object
        default: throw .invalidInput
        }
    }
}

/// Reads the members of a command. Values that cannot be converted are collected and refused together, in the order
/// of the text, with the words that the vendor's JSON library has for them.
struct RequestReading {
    private let body: RequestBody
    private var refusals: [(position: Int, entry: CloudError.Entry)] = []

    init(_ body: RequestBody) {
        self.body = body
    }

    /// A name out of an enumeration, in any case, or its number.
    mutating func name(
        _ key: String,
        of type: String,
        _ names: [String],
        emptyIsMissing: Bool = false
    ) -> String? {
        guard let member = body.object.member(key), member.value != .null else { return nil }
        switch member.value {
        case .string(""): if emptyIsMissing { return nil }
        case .string(let text):
            if let name = names.first(where: { $0.lowercased() == text.lowercased() }) { return name }
        case .number:
            if let index = member.value.int, names.indices.contains(index) { return names[index] }
        default: break
        }
        refuse(member, type)
        return nil
    }

    mutating func number(_ key: String) -> Double? {
        guard let member = body.object.member(key), member.value != .null else { return nil }
        if let value = member.value.double ?? member.value.string.flatMap({ Double($0) }), value.isFinite {
            return value
        }
        refuse(member, "System.Nullable`1[System.Double]")
        return nil
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let member = body.object.member(key), member.value != .null else { return nil }
        if let value = member.value.bool ?? member.value.string.flatMap({ Bool($0.lowercased()) }) { return value }
        refuse(member, "System.Nullable`1[System.Boolean]")
        return nil
    }

    /// An instant; one without a zone is taken as UTC.
    mutating func time(_ key: String) -> Date? {
        guard let member = body.object.member(key), member.value != .null else { return nil }
        if let time = member.value.string.flatMap({ Timestamp.date($0) }) { return time }
        if member.value == .string("") { return nil }
        refuse(member, "System.Nullable`1[System.DateTime]")
        return nil
    }

    func finish() throws(CloudError) {
        guard !refusals.isEmpty else { return }
        throw .entries(status: 400, refusals.sorted { $0.position < $1.position }.map(\.entry))
    }

    private mutating func refuse(_ member: JSONObject.Member, _ type: String) {
        let (line, position, offset) = place(of: member)
        let value = member.value.string ?? String(decoding: member.value.text, as: UTF8.self)
        let message =
            "Error converting value \"\(value)\" to type '\(type)'. "
            + "Path '\(member.key)', line \(line), position \(position)."
        refusals.append((offset, CloudError.Entry(code: "InvalidInput", message: message)))
    }

    /// Where a member's value ends: its line and the column in it, both counted as the vendor does.
    private func place(of member: JSONObject.Member) -> (line: Int, position: Int, offset: Int) {
        let text = String(decoding: body.text, as: UTF8.self)
        let key = String(decoding: JSON.string(member.key).text, as: UTF8.self)
        let value = String(decoding: member.value.text, as: UTF8.self)
        let afterKey = text.range(of: key)?.upperBound ?? text.startIndex
        let end = text.range(of: value, range: afterKey..<text.endIndex)?.upperBound ?? text.endIndex
        let lines = text[..<end].split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.count, lines.last?.count ?? 0, text.distance(from: text.startIndex, to: end))
    }
}

extension OverrideMode {
    static var names: [String] { allCases.map(\.rawValue) }
}

/// The system modes in the order of their numbers, which come first in the older dialect; then those of thermostats.
enum SystemModeName {
    static let all = [
        "Auto", "HeatingOff", "AutoWithEco", "Away", "DayOff", "AutoWithReset", "Custom", "Heat", "Off", "Cool",
    ]
}
