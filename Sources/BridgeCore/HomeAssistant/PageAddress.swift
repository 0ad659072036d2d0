/// Where people open the bridge's page.
public struct PageAddress: Hashable, Sendable {
    /// The address of the page as a whole; it ends with a slash, or leads to a panel of Home Assistant's sidebar.
    private let text: String
    /// Whether a part of the page has an address of its own. A panel of Home Assistant's has none below it.
    private let hasParts: Bool

    /// A page with an address of its own.
    ///
    /// - Parameter url: `http://host[:port][/path]` or `https://…`, without a query.
    public init(url: String) {
        text = url.hasSuffix("/") ? url : url + "/"
        hasParts = true
    }

    /// A page that Home Assistant shows within its own.
    ///
    /// - Parameter panel: The panel's path, which of an app (add-on) is its slug, such as `local_evohome_mqtt`.
    public init(panel: String) {
        text = "homeassistant://\(panel)"
        hasParts = false
    }

    /// The page as it opens.
    var whole: String { text }

    /// The part of the page that shows the bridge itself.
    var bridge: String { part("bridge") }

    /// The part that shows the schedule of a zone or hot water.
    ///
    /// - Parameter topic: Its topic, below the base topic.
    func schedule(of topic: some StringProtocol) -> String { part("schedules/\(topic.encodedForAddress)") }

    private func part(_ name: String) -> String { hasParts ? "\(text)#\(name)" : text }
}

extension StringProtocol {
    /// Percent-encoded as RFC 3986 wants it behind a `#`.
    fileprivate var encodedForAddress: String {
        utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = character.isASCII && (character.isLetter || character.isNumber || "-_./".contains(character))
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(character) : (digits.count == 1 ? "%0" : "%") + digits
        }
        .joined()
    }
}
