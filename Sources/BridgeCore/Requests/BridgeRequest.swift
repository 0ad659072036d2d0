import Basics
import HeatingModel

/// A request to the bridge itself, on `bridge/request/<name>`.
public enum BridgeRequest: Equatable, Sendable {
    /// Read everything again.
    case refresh
    /// Answer with all schedules, in the form of a backup.
    case schedulesBackup
    /// Write the schedules of a backup.
    case schedulesRestore(JSONValue)
    /// Set how often the status is read; `nil` to ask.
    case pollInterval(Duration?)
    /// Set what is logged; `nil` to ask.
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
                throw Refusal(.incomplete, "schedules is missing; it has the form that schedules_backup answers with.")
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
            throw Refusal(.unknownTarget, "There is no request \"\(name.excerpt)\"; known requests: \(known).")
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
        guard case .string(let text) = value else {
            throw Refusal(.malformed, "The value needs a unit: write it as text, such as \"180s\" or \"3m\".")
        }
        do {
            return try Duration(parsingWithUnit: text)
        } catch {
            throw Refusal(.malformed, error.description)
        }
    }
}

/// The answer to a request, on `bridge/response/<name>` and on the sender's response topic.
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
