/// A password or token that cannot print itself: interpolation, reflection and dumps all say `<secret>`.
///
/// Encoding writes the real value, since the one place that a secret may be encoded to is the state file.
public struct Secret: Sendable, Hashable {
    /// The value itself. Naming it is the only way to it, so that every use can be found by searching for this word.
    public let revealed: String

    /// - Parameter value: The password or token as the user or the cloud gave it.
    public init(_ value: String) {
        self.revealed = value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<secret>" }
    public var debugDescription: String { "<secret>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(revealed)
    }
}
