import Basics
import HeatingModel

/// Something that is asked of the bridge itself, on `bridge/request/<name>`.
public enum BridgeRequest: Equatable, Sendable {
    /// Everything is read again.
    case refresh
    /// All weeks, in the form of a backup.
    case schedulesBackup
    /// Weeks of a backup are written.
    case schedulesRestore(JSONValue)
    /// How often the status is read; `nil` to be told.
    case pollInterval(Duration?)
    /// What is logged; `nil` to be told.
    case logLevel(String?)
    case health

    /// Requests that take minutes, and so take turns.
    public static let slowNames = ["schedules_backup", "schedules_restore"]

    public static let names = [
        "refresh", "schedules_backup", "schedules_restore", "poll_interval", "log_level", "health",
    ]

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - name: The last level of its topic.
    ///   - requested: An object, or `null` for an empty payload.
    public init(name: String, _ requested: JSONValue) throws(Refusal) {
        switch name {
        case "refresh":
            try Self.check(requested, keys: [])
            self = .refresh
        case "schedules_backup":
            try Self.check(requested, keys: [])
            self = .schedulesBackup
        case "schedules_restore":
            try Self.check(requested, keys: ["schedules"])
            guard let schedules = requested["schedules"] else {
                throw Refusal(.incomplete, "There are no schedules, in the form that schedules_backup answers with.")
            }
            self = .schedulesRestore(schedules)
        case "poll_interval":
            try Self.check(requested, keys: ["value"])
            self = .pollInterval(try requested["value"].map { value throws(Refusal) in try Self.interval(value) })
        case "log_level":
            try Self.check(requested, keys: ["value"])
            self = .logLevel(try requested["value"].map { value throws(Refusal) in try Self.text(value) })
        case "health":
            try Self.check(requested, keys: [])
            self = .health
        default:
            let known = Self.names.joined(separator: ", ")
            throw Refusal(.unknownTarget, "There is no request \"\(name.excerpt)\"; there are \(known).")
        }
    }

    private static func check(_ requested: JSONValue, keys: [String]) throws(Refusal) {
        if requested != .null { _ = try RequestMembers(requested, keys: keys) }
    }

    private static func text(_ value: JSONValue) throws(Refusal) -> String {
        guard case .string(let text) = value else { throw Refusal(.malformed, "The value is not a text.") }
        return text
    }

    private static func interval(_ value: JSONValue) throws(Refusal) -> Duration {
        let text = try text(value)
        do {
            return try Duration(parsingWithUnit: text)
        } catch {
            throw Refusal(.malformed, error.description)
        }
    }
}

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
