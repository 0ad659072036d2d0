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
    /// Read all schedules, and keep them under a name.
    case schedulesSave(ScheduleLibrary.Name)
    /// Write what was saved under a name.
    ///
    /// - Parameter zones: What to limit it to, in the words of people or topics; `nil` for all.
    case schedulesApply(ScheduleLibrary.Name, zones: [String]?)
    /// List the names.
    case schedulesList
    /// Answer with what was saved under a name.
    case schedulesShow(ScheduleLibrary.Name)
    case schedulesDelete(ScheduleLibrary.Name)
    /// Set how often the status is read; `nil` to ask.
    case pollInterval(Duration?)
    /// Set what is logged; `nil` to ask.
    case logLevel(String?)
    case health

    /// Requests that take minutes, and so take turns.
    public static let slowNames = ["schedules_backup", "schedules_restore", "schedules_save", "schedules_apply"]

    public static let names = [
        "refresh", "schedules_backup", "schedules_restore", "schedules_save", "schedules_apply", "schedules_list",
        "schedules_show", "schedules_delete", "poll_interval", "log_level", "health",
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
            // The whole answers of schedules_backup and schedules_show are taken, too, and so is a backup's file.
            try Self.check(requested, keys: ["schedules", "skipped", "name", "version"])
            guard let schedules = requested["schedules"] else {
                throw Refusal(.incomplete, "schedules is missing; it has the form that schedules_backup answers with.")
            }
            self = .schedulesRestore(requested["version"] == nil ? schedules : requested)
        case "schedules_save":
            try Self.check(requested, keys: ["name"])
            self = .schedulesSave(try Self.savedName(in: requested))
        case "schedules_apply":
            try Self.check(requested, keys: ["name", "zones"])
            self = .schedulesApply(
                try Self.savedName(in: requested),
                zones: try requested["zones"].map { value throws(Refusal) in try Self.zones(value) }
            )
        case "schedules_list":
            try Self.check(requested, keys: [])
            self = .schedulesList
        case "schedules_show":
            try Self.check(requested, keys: ["name"])
            self = .schedulesShow(try Self.savedName(in: requested))
        case "schedules_delete":
            try Self.check(requested, keys: ["name"])
            self = .schedulesDelete(try Self.savedName(in: requested))
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
        guard case .string(let text) = value else { throw Refusal(.malformed, "The value must be a string.") }
        return text
    }

    private static func savedName(in requested: JSONValue) throws(Refusal) -> ScheduleLibrary.Name {
        guard case .string(let name)? = requested["name"] else {
            throw Refusal(.incomplete, "name is missing; it must be a string such as \"winter\".")
        }
        return try ScheduleLibrary.Name(name)
    }

    private static func zones(_ value: JSONValue) throws(Refusal) -> [String] {
        let words = try [String](zones: value)
        guard !words.isEmpty else { throw Refusal(.incomplete, "zones is empty; leave it out for all zones.") }
        return words
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
        /// One sentence for people, and what was done all the same.
        case error(String, data: JSONValue = .null)
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
        case .error(let sentence, let data):
            ["status": "error", "data": data, "error": .string(sentence), "transaction": transaction]
        }
    }
}
