import HTTPTypes
import HeatingModel

/// Where the cloud is. The vendor has moved it before, so nothing else knows a host.
public struct CloudAddress: Hashable, Sendable {
    /// `https`, or `http` for a simulator on loopback.
    public var scheme: String
    /// Host, and port where it is not the scheme's.
    public var authority: String
    /// What stands before every path; empty or beginning with a slash.
    public var prefix: String

    public init(scheme: String, authority: String, prefix: String = "") {
        self.scheme = scheme
        self.authority = authority
        self.prefix = prefix
    }

    /// The vendor's host since 2024-12 (watchforstock/evohome-client 127).
    public static let vendor = CloudAddress(scheme: "https", authority: "tccna.resideo.com")

    /// Host and port; an IPv6 address without its brackets.
    var endpoint: (host: String, port: Int) {
        let usual = scheme == "https" ? 443 : 80
        let colon = authority.lastIndex(of: ":").flatMap { authority[$0...].contains("]") ? nil : $0 }
        let host = authority[..<(colon ?? authority.endIndex)].drop { $0 == "[" }.prefix { $0 != "]" }
        return (String(host), colon.flatMap { Int(authority[$0...].dropFirst()) } ?? usual)
    }

    func request(_ method: HTTPRequest.Method, _ path: String, headerFields: HTTPFields) -> HTTPRequest {
        HTTPRequest(
            method: method,
            scheme: scheme,
            authority: authority,
            path: prefix + path,
            headerFields: headerFields
        )
    }
}

/// `application/x-www-form-urlencoded`. Everything but letters, digits and four signs is escaped: clients that joined
/// raw strings could not log in with `&` or `+` in a password (homebridge-evohome 33, 35, 58).
enum FormEncoding {
    static func encode(_ fields: [(name: String, value: String)]) -> String {
        fields.map { escape($0.name) + "=" + escape($0.value) }.joined(separator: "&")
    }

    static func escape(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}

extension Identifier {
    /// As part of a path.
    var escaped: String { FormEncoding.escape(text) }
}

extension CloudAddress: CustomStringConvertible {
    public var description: String { "\(scheme)://\(authority)\(prefix)" }
}
