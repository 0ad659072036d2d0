import Basics
import Observability
import SystemPackage

/// Why a text is no value of its kind.
struct SettingRefusal: Error {
    /// What the value must be, to follow "must be".
    let requirement: String
}

extension SettingKind {
    /// Reads a value from its text.
    ///
    /// - Parameter raw: The text or list as the source gave it.
    /// - Returns: The value, of the type that the kind's documentation names; nil where the text turns the setting off.
    /// - Throws: What the value must be instead.
    func parse(_ raw: RawSetting) throws(SettingRefusal) -> (any Sendable)? {
        if case .list = self { return try parseList(raw.items) }
        guard case .text(let given) = raw else { throw SettingRefusal(requirement: "one value, not a list") }
        // White space may be part of a password, and of nothing else.
        if case .secret = self { return Secret(try checked(given)) }
        let text = try checked(given.trimmed)
        if case .listenAddress = self, OnOff(text) == .off { return nil }
        guard let value = value(of: text) else { throw SettingRefusal(requirement: allowed) }
        return value
    }

    private func value(of text: String) -> (any Sendable)? {
        switch self {
        case .text, .secret, .list: text
        case .path: FilePath(text)
        case .topic: Self.isTopic(text) ? text : nil
        case .boolean: OnOff(text).map { $0 == .on }
        case .integer(let range): Int(text).flatMap { range.contains($0) ? $0 : nil }
        case .duration: Duration(settingText: text).flatMap { $0 == .zero ? nil : $0 }
        case .durationOrOff: Duration(settingText: text)
        case .choice(let type): type.parse(text)
        case .cloudURL: CloudURL(text)
        case .brokerURL: BrokerURL(text)
        case .listenAddress: ListenAddress(text)
        }
    }

    private func parseList(_ items: [String]) throws(SettingRefusal) -> [String] {
        var names: [String] = []
        for item in items where !item.trimmed.isEmpty { names.append(try checked(item.trimmed)) }
        return names
    }

    /// Refuses what no kind can hold: nothing at all, control characters (a NUL above all, where C strings end) and
    /// text beyond any use.
    private func checked(_ text: String) throws(SettingRefusal) -> String {
        let isAcceptable =
            !text.isEmpty && text.utf8.count <= Self.longestText && !text.hasControlCharacters
        guard isAcceptable else { throw SettingRefusal(requirement: allowed) }
        return text
    }

    private static func isTopic(_ text: String) -> Bool {
        text.utf8.count <= longestTopic && !text.hasPrefix("$") && !text.contains { $0 == "+" || $0 == "#" }
            && !text.split(separator: "/", omittingEmptySubsequences: false).contains { $0.isEmpty }
    }
}
