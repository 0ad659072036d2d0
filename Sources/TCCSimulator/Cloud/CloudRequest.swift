/// A request as the simulated cloud reads it, free of the HTTP library.
struct CloudRequest: Sendable {
    var method: String
    /// Percent-decoded, without the query.
    var path: String
    var query: [(name: String, value: String)] = []
    /// Names in lower case.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// A parameter of the query whatever the case of its name.
    func parameter(_ name: String) -> String? {
        query.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// A flag such as `includeTemperatureControlSystems=True`.
    func flag(_ name: String) -> Bool {
        parameter(name)?.lowercased() == "true"
    }

    /// The fields of a form body, names as they were sent.
    var form: [(name: String, value: String)] {
        FormEncoding.fields(String(decoding: body, as: UTF8.self))
    }
}

/// `application/x-www-form-urlencoded`, which queries are written in as well.
enum FormEncoding {
    static func fields(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0], plusIsSpace: true), parts.count > 1 ? decoded(parts[1], plusIsSpace: true) : "")
        }
    }

    /// What is no valid escape stands for itself.
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
