/// Something that the cloud reports as broken, for as long as it is.
public struct Fault: Codable, Hashable, Sendable {
    /// The kind of fault; an open set.
    public struct Kind: OpenWord {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let gatewayCommunicationLost = Kind(rawValue: "gateway_communication_lost")
    }

    public var kind: Kind
    /// When it began; `nil` when the cloud did not say, or said something that is no time.
    public var since: Instant?

    public init(kind: Kind, since: Instant?) {
        self.kind = kind
        self.since = since
    }
}
