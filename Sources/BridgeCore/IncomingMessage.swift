import Basics

/// A message on a command or request topic, as it arrived.
public struct IncomingMessage: Equatable, Sendable {
    public var topic: String
    /// Empty if the message was too large to be received.
    public var payload: [UInt8]
    /// The size of the payload that was sent.
    public var byteCount: Int
    /// Whether the broker had retained it: a mistake that would repeat at every reconnect.
    public var isRetained: Bool
    /// Where the sender wants its answer (MQTT 5).
    public var responseTopic: String?
    public var correlationData: [UInt8]?
    /// What was left of the sender's message expiry on arrival (MQTT 5).
    public var expiry: Duration?
    /// The journal's entry for it; `nil` if it is not kept over a restart.
    public var journalEntry: Int?

    public init(
        topic: String,
        payload: [UInt8],
        byteCount: Int? = nil,
        isRetained: Bool = false,
        responseTopic: String? = nil,
        correlationData: [UInt8]? = nil,
        expiry: Duration? = nil,
        journalEntry: Int? = nil
    ) {
        self.topic = topic
        self.payload = payload
        self.byteCount = byteCount ?? payload.count
        self.isRetained = isRetained
        self.responseTopic = responseTopic
        self.correlationData = correlationData
        self.expiry = expiry
        self.journalEntry = journalEntry
    }

    /// The largest payload that is read, in bytes.
    public static let maximumPayload = 64 << 10
}

extension IncomingMessage {
    /// The payload of a command: an object, or the text of a plain value.
    func content(as form: CommandTopic.Form) throws(Refusal) -> JSONValue {
        let text = try text()
        guard !text.isEmpty else { throw Refusal(.malformed, "The payload is empty.") }
        return switch form {
        case .plain: .string(text)
        case .object: try Self.object(text, such: #"{"setpoint":21.5}"#)
        }
    }

    /// The payload of a request, which may be empty.
    ///
    /// - Returns: An object, or `null` for an empty payload.
    public func optionalObject() throws(Refusal) -> JSONValue {
        let text = try text()
        return text.isEmpty ? .null : try Self.object(text, such: #"{"transaction":1}"#)
    }

    /// - Throws: A ``Refusal`` of a message that the broker had kept.
    public func checkRetention() throws(Refusal) {
        guard isRetained else { return }
        throw Refusal(.retained, "Retained commands are ignored and cleared: they would repeat at every reconnect.")
    }

    private func text() throws(Refusal) -> String {
        guard byteCount <= Self.maximumPayload else {
            throw Refusal(.tooLarge, "The payload has \(byteCount) bytes; the limit is \(Self.maximumPayload).")
        }
        guard let text = String(validating: payload, as: UTF8.self) else {
            throw Refusal(.malformed, "The payload is not valid UTF-8.")
        }
        return text.trimmed
    }

    /// - Parameter example: For the sentence that refuses something else.
    private static func object(_ text: String, such example: String) throws(Refusal) -> JSONValue {
        let value: JSONValue
        do throws(JSONProblem) {
            value = try JSONValue(parsing: text)
        } catch {
            throw Refusal(.malformed, "The payload is not valid JSON: \(error.reason).")
        }
        guard case .object = value else {
            throw Refusal(.malformed, "The payload is not a JSON object such as \(example).")
        }
        return value
    }
}
