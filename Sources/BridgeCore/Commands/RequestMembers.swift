import Basics
import HeatingModel

/// The members of a request's object. None is unknown.
struct RequestMembers {
    /// Keys that every request may carry, so that its sender recognises the answer.
    static let marks = ["id", "transaction"]

    private let object: JSONValue

    /// - Parameter keys: The known keys beside the marks.
    init(_ object: JSONValue, keys: [String]) throws(Refusal) {
        guard case .object(let members) = object else { throw Refusal(.malformed, "The payload is not a JSON object.") }
        let known = keys + Self.marks
        for member in members where !known.contains(member.key) {
            throw Refusal.unknownKey(member.key, known: known)
        }
        self.object = object
    }

    subscript(key: String) -> JSONValue? { object[key] }
}
