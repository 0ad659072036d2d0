public import Basics

/// The schedules that were saved under names, such as "winter".
///
/// A name is data: it is neither a path nor part of a topic, so that it can be anything that a person types.
public struct ScheduleLibrary: Equatable, Sendable {
    /// A name that schedules can be saved under. Two ways to write the same characters are the same name.
    public struct Name: Hashable, Sendable, CustomStringConvertible {
        public let description: String

        /// - Throws: ``Refusal`` for one that is blank or too long.
        public init(_ text: String) throws(Refusal) {
            guard !text.allSatisfy(\.isWhitespace) else { throw Refusal(.incomplete, "The name is empty.") }
            guard text.count <= Self.longest, text.utf8.count <= 4 * Self.longest else {
                throw Refusal(.outOfRange, "The name is too long; it can have \(Self.longest) characters.")
            }
            description = text
        }

        private static let longest = 64
    }

    /// What was saved under a name.
    public struct Saved: Equatable, Sendable {
        public var at: Instant
        public var schedules: ScheduleBackup

        public init(at: Instant, schedules: ScheduleBackup) {
            self.at = at
            self.schedules = schedules
        }
    }

    /// How many names there can be.
    static let mostNames = 50
    /// How many schedules there can be under all names together. The file is read and written as a whole.
    static let mostSchedules = 20_000

    private var saved: [String: Saved] = [:]

    public init() {}

    /// Everything, in order of names.
    public var all: [(name: String, saved: Saved)] {
        saved.sorted { $0.key < $1.key }.map { (name: $0.key, saved: $0.value) }
    }

    /// Keeps schedules under a name, in the place of those that were saved under it before.
    ///
    /// - Returns: Whether there were any.
    /// - Throws: ``Refusal`` if there are too many.
    public mutating func save(_ new: Saved, as name: Name) throws(Refusal) -> Bool {
        let others = saved.filter { $0.key != name.description }
        guard others.count < Self.mostNames else {
            throw Refusal(.busy, "\(Self.mostNames) names are in use, and there can be no more; delete one first.")
        }
        let count = others.values.reduce(new.schedules.entries.count) { $0 + $1.schedules.entries.count }
        guard count <= Self.mostSchedules else {
            throw Refusal(.busy, "More than \(Self.mostSchedules) schedules cannot be kept; delete a name first.")
        }
        let isReplacing = others.count < saved.count
        saved = others
        saved[name.description] = new
        return isReplacing
    }

    /// - Throws: ``Refusal`` that lists the names, if it is none of them.
    public func schedules(savedAs name: Name) throws(Refusal) -> ScheduleBackup {
        guard let found = saved[name.description] else { throw unknown(name) }
        return found.schedules
    }

    /// - Throws: ``Refusal`` that lists the names, if it is none of them.
    public mutating func delete(_ name: Name) throws(Refusal) {
        guard saved.removeValue(forKey: name.description) != nil else { throw unknown(name) }
    }

    private func unknown(_ name: Name) -> Refusal {
        let known = saved.isEmpty ? "no schedules are saved" : "known names: \(saved.keys.sorted().listing)"
        return Refusal(.unknownTarget, "No schedules are saved as \"\(name.description.excerpt)\"; \(known).")
    }
}

extension ScheduleLibrary {
    /// A list for people and programs: `[{"name":"winter","saved":"2026-11-28T12:00:00Z","zones":["Kitchen"]}]`.
    public var list: JSONValue {
        .array(
            all.map { name, saved in
                [
                    "name": .string(name), "saved": JSONValue(saved.at),
                    "zones": .array(saved.schedules.entries.map { .string($0.name) }),
                ]
            }
        )
    }
}

/// As an object of names. What is saved under each has the form of a backup, so that it can be restored by hand.
extension ScheduleLibrary: Codable {
    public init(from decoder: any Decoder) throws {
        saved = try [String: Saved](from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try saved.encode(to: encoder)
    }
}

extension ScheduleLibrary.Saved: Codable {
    private enum CodingKeys: String, CodingKey {
        case at = "saved"
        case schedules = "backup"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let json = try container.decode(JSONValue.self, forKey: .schedules)
        do throws(BackupProblems) {
            schedules = try ScheduleBackup(json)
        } catch {
            throw DecodingError.dataCorruptedError(
                forKey: .schedules,
                in: container,
                debugDescription: error.description
            )
        }
        at = try container.decode(Instant.self, forKey: .at)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(at, forKey: .at)
        try container.encode(schedules.json, forKey: .schedules)
    }
}
