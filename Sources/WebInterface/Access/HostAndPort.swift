/// A host and the port that may follow it, as in `Host` and `Origin`.
struct HostAndPort: Equatable {
    /// In lower case, without brackets and without the dot that may end a name.
    let host: String
    let port: Int?

    /// - Parameter text: `host`, `host:port`, `[::1]` or `[::1]:port`.
    init?(_ text: some StringProtocol) {
        let text = text.lowercased()
        let rest: Substring
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            host = String(text[..<bracket].dropFirst())
            rest = text[text.index(after: bracket)...]
        } else {
            let name = text.prefix { $0 != ":" }
            host = String(name.hasSuffix(".") ? name.dropLast() : name)
            rest = text[name.endIndex...]
        }
        guard !host.isEmpty else { return nil }
        if rest.isEmpty {
            port = nil
        } else {
            let digits = rest.dropFirst()
            guard rest.hasPrefix(":"), digits.allSatisfy(\.isASCII), let number = UInt16(digits), number > 0
            else { return nil }
            port = Int(number)
        }
    }

    /// Whether a browser counts both as one origin under a scheme.
    func isSame(as other: HostAndPort, scheme: Origin.Scheme) -> Bool {
        host == other.host && (port ?? scheme.defaultPort) == (other.port ?? scheme.defaultPort)
    }
}

/// The origin of a page, as browsers name it when the page changes something.
struct Origin: Equatable {
    enum Scheme: String {
        case http
        case https

        var defaultPort: Int { self == .http ? 80 : 443 }
    }

    let scheme: Scheme
    let place: HostAndPort

    /// - Parameter text: `https://host[:port]`. `null`, which sandboxed pages send, is no origin.
    init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()),
            let place = HostAndPort(text[separator.upperBound...])
        else { return nil }
        self.scheme = scheme
        self.place = place
    }
}
