import Foundation

/// A request as the simulated cloud sees it, without the types of the HTTP library.
struct CloudRequest: Sendable {
    var method: String
    /// Percent-decoded, without the query.
    var path: String
    var query: [(name: String, value: String)] = []
    /// With names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// A parameter of the query. Its name is not case-sensitive.
    func parameter(_ name: String) -> String? {
        query.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// A flag such as `includeTemperatureControlSystems=True`.
    func flag(_ name: String) -> Bool {
        parameter(name)?.lowercased() == "true"
    }

    /// The fields of a form.
    var form: [(name: String, value: String)] {
        FormEncoding.fields(String(decoding: body, as: UTF8.self))
    }

    /// The `grant_type` of a token request.
    var grantType: String? {
        guard path.lowercased().hasPrefix("/auth/") else { return nil }
        return form.first { $0.name == "grant_type" }?.value
    }

    /// Whether the body holds a password or a token.
    var isSecret: Bool {
        let path = path.lowercased()
        return path.hasPrefix("/auth/") || path.hasSuffix("/session")
    }
}

/// `application/x-www-form-urlencoded`, the encoding of forms and queries.
enum FormEncoding {
    static func fields(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0], plusIsSpace: true), parts.count > 1 ? decoded(parts[1], plusIsSpace: true) : "")
        }
    }

    /// Invalid escapes are kept as they are.
    static func decoded(_ text: some StringProtocol, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else if byte == UInt8(ascii: "+"), plusIsSpace {
                bytes.append(UInt8(ascii: " "))
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Whether it consists of digits, as ids do.
    var isNumeric: Bool {
        !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

/// The JSON object in the body of a command.
struct RequestBody {
    let text: [UInt8]
    let object: JSONObject

    /// For the vendor, an empty body and `null` are a missing `request`, and anything but an object is invalid input.
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

/// Reads the members of a command. Values that cannot be converted are collected and refused together, in the order in
/// which they appear, with the messages of the vendor's JSON library.
struct RequestReader {
    private let body: RequestBody
    private var refusals: [(position: Int, entry: CloudError.Entry)] = []

    init(_ body: RequestBody) {
        self.body = body
    }

    /// A name of an enumeration in any case, or its number.
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

    /// An instant. Without a zone it is taken as UTC.
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

    /// Where the value of a member ends: line and column, counted as the vendor does, and the offset.
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
