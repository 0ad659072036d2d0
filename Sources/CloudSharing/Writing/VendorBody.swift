import Basics
import BridgeCore
import HeatingModel

/// The object in the body of a PUT. Keys are read in any case, as the vendor reads them. Values that cannot be converted are
/// collected and refused together, in the order in which they stand, in the words of the vendor's JSON library.
struct VendorBody {
    let value: JSONValue
    private let text: [UInt8]
    private let members: [JSONSlice.Member]
    private var refusals: [(position: Int, entry: JSONValue)] = []

    /// An empty body and `null` are a missing `request`; anything else that is not an object is invalid input.
    init(_ body: [UInt8]) throws(VendorRefusal) {
        guard !body.isEmpty else { throw .missing("request") }
        guard let value = try? JSONValue(parsing: body), let slice = JSONSlice(body) else { throw .invalidInput }
        if value == .null { throw .missing("request") }
        guard case .object = value else { throw .invalidInput }
        self.init(value, slice)
    }

    private init(_ value: JSONValue, _ slice: JSONSlice) {
        self.value = value
        text = slice.text
        members = slice.members
    }

    /// The object under a key; `nil` if there is none.
    func object(_ key: String) -> VendorBody? {
        guard let slice = member(key)?.value, slice.isObject, let value = slice.value else { return nil }
        return VendorBody(value, slice)
    }

    func has(_ key: String) -> Bool { read(key) != nil }

    // MARK: - Values

    /// A word of an enumeration in any case, or its number.
    ///
    /// - Parameter type: The vendor's name of the enumeration.
    mutating func word(_ key: String, of type: String, _ words: [String]) -> String? {
        guard let (member, value) = read(key) else { return nil }
        switch value {
        case .string(""): return nil
        case .string(let text):
            if let word = words.first(where: { $0.lowercased() == text.lowercased() }) { return word }
        case .integer(let index) where words.indices.contains(index): return words[index]
        default: break
        }
        refuse(member, value, type)
        return nil
    }

    mutating func number(_ key: String) -> Double? {
        guard let (member, value) = read(key) else { return nil }
        switch value {
        case .integer(let integer): return Double(integer)
        case .number(let number): return number
        case .string(""): return nil
        case .string(let text): if let number = Double(text), number.isFinite { return number }
        default: break
        }
        refuse(member, value, "System.Nullable`1[System.Double]")
        return nil
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let (member, value) = read(key) else { return nil }
        switch value {
        case .bool(let flag): return flag
        case .string(let text): if let flag = Bool(text.lowercased()) { return flag }
        default: break
        }
        refuse(member, value, "System.Nullable`1[System.Boolean]")
        return nil
    }

    /// A moment; without an offset it is in UTC.
    mutating func time(_ key: String) -> Instant? {
        guard let (member, value) = read(key) else { return nil }
        switch value {
        case .string(""): return nil
        case .string(let text): if let time = Instant(text) ?? Instant(text + "Z") { return time }
        default: break
        }
        refuse(member, value, "System.Nullable`1[System.DateTime]")
        return nil
    }

    /// A time on the wall of a location. API v1 ignores a `Z` at its end.
    func localTime(_ key: String) throws(VendorRefusal) -> LocalDateTime? {
        guard let (_, value) = read(key), value != .string("") else { return nil }
        guard case .string(let text) = value,
            let time = LocalDateTime(text.hasSuffix("Z") ? text.dropLast() : text[...])
        else { throw .invalidInput }
        return time
    }

    func text(_ key: String) -> String? {
        guard case .string(let text)? = read(key)?.value, !text.isEmpty else { return nil }
        return text
    }

    /// Refuses the request if a value could not be converted.
    func finish() throws(VendorRefusal) {
        guard !refusals.isEmpty else { return }
        throw .refused(refusals.sorted { $0.position < $1.position }.map(\.entry))
    }

    // MARK: - Members

    private func member(_ key: String) -> JSONSlice.Member? {
        members.last { String(decoding: $0.key, as: UTF8.self).lowercased() == key.lowercased() }
    }

    /// - Returns: `nil` also for `null`.
    private func read(_ key: String) -> (member: JSONSlice.Member, value: JSONValue)? {
        guard let member = member(key), let value = member.value.value, value != .null else { return nil }
        return (member, value)
    }

    private mutating func refuse(_ member: JSONSlice.Member, _ value: JSONValue, _ type: String) {
        let end = member.value.range.upperBound
        let lines = text[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let written = if case .string(let text) = value { text } else { value.text }
        let path = String(decoding: member.key, as: UTF8.self).excerpt(upTo: 40)
        let message =
            "Error converting value \"\(written.excerpt(upTo: 80))\" to type '\(type)'. "
            + "Path '\(path)', line \(lines.count), position \(lines.last?.count ?? 0)."
        refusals.append((end, ["code": "InvalidInput", "message": .string(message)]))
    }
}
