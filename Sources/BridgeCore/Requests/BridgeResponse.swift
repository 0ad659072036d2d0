/// What a request is answered with, on `bridge/response/<name>` and on the sender's response topic.
public struct BridgeResponse: Equatable, Sendable {
    public enum Result: Equatable, Sendable {
        case ok(JSONValue)
        /// One sentence for people.
        case error(String)
    }

    public var result: Result
    /// The request's own, so that its sender knows what this answers.
    public var transaction: JSONValue

    public init(_ result: Result, transaction: JSONValue) {
        self.result = result
        self.transaction = transaction
    }

    public var json: JSONValue {
        switch result {
        case .ok(let data): ["status": "ok", "data": data, "error": nil, "transaction": transaction]
        case .error(let sentence):
            ["status": "error", "data": nil, "error": .string(sentence), "transaction": transaction]
        }
    }
}
