import Basics
public import HeatingModel

/// The schedules of zones and hot water as a file keeps them, to be written back later.
///
/// ```
/// {"version":1,"schedules":[
///   {"location":"Home","zone_id":"2100005","name":"Kitchen","schedule":{"monday":[{"time":"07:00","setpoint":19.5}],…}},
///   {"location":"Home","hot_water_id":"2100010","name":"Hot water","schedule":{"monday":[{"time":"06:30","state":"on"}],…}}
/// ]}
/// ```
public struct ScheduleBackup: Equatable, Sendable {
    /// The version that is written, and the only one that is read.
    static let version = 1

    public var entries: [Entry]

    public init(entries: [Entry]) {
        self.entries = entries
    }

    /// A schedule and its owner.
    public struct Entry: Equatable, Sendable {
        /// The vendor's id of the zone or hot water.
        public var id: String
        public var name: String
        /// The location's name; `nil` if the file of another program does not say.
        public var location: String?
        public var schedule: AnySchedule

        public init(id: String, name: String, location: String?, schedule: AnySchedule) {
            self.id = id
            self.name = name
            self.location = location
            self.schedule = schedule
        }
    }

}

extension ScheduleBackup {
    /// The known schedules of zones and hot water.
    public init(_ schedules: KnownSchedules, of targets: [NamedTarget]) {
        entries = targets.compactMap { named in
            AnySchedule(of: named.target, in: schedules).map {
                Entry(id: named.id, name: named.name, location: named.location, schedule: $0)
            }
        }
    }

    /// The form that a file has, and an answer on a topic.
    public var json: JSONValue {
        ["version": .integer(Self.version), "schedules": .array(entries.map(\.json))]
    }
}

extension AnySchedule {
    /// - Returns: `nil` for one that was not read, or does not exist.
    public init?(of target: Target, in schedules: KnownSchedules) {
        let schedule: Self? =
            switch target {
            case .zone(let id, in: _): schedules[id].schedule.map(Self.zone)
            case .hotWater(let id, in: _): schedules[id].schedule.map(Self.hotWater)
            case .system: nil
            }
        guard let schedule else { return nil }
        self = schedule
    }

    public var json: JSONValue {
        switch self {
        case .zone(let schedule): schedule.json
        case .hotWater(let schedule): schedule.json
        }
    }

    /// What writes it.
    public var action: CommandAction {
        switch self {
        case .zone(let schedule): .zoneSchedule(schedule)
        case .hotWater(let schedule): .hotWaterSchedule(schedule)
        }
    }
}

extension ScheduleBackup.Entry {
    /// How sentences name it.
    var title: String { Self.title(id: id, name: name) }

    static func title(id: String, name: String) -> String { "\"\(name.excerpt)\" (\(id.excerpt))" }

    fileprivate var json: JSONValue {
        let key = if case .zone = schedule { "zone_id" } else { "hot_water_id" }
        return .object(
            JSONValue.Member.all([
                "location": location.map(JSONValue.string), key: .string(id), "name": .string(name),
                "schedule": schedule.json,
            ])
        )
    }
}

extension ScheduleBackup {
    /// A schedule and the zone or hot water that it is written to.
    public struct Placement: Equatable, Sendable {
        public var named: NamedTarget
        public var schedule: AnySchedule

        public init(_ named: NamedTarget, schedule: AnySchedule) {
            self.named = named
            self.schedule = schedule
        }
    }

    /// Finds the target of each schedule: by its id, else by its name if that is unique, since ids change when a controller
    /// is paired again. An account's only hot water needs no name.
    ///
    /// - Throws: ``BackupProblems`` if a schedule has no owner, or an owner would get two.
    public func placements(in installation: Installation) throws(BackupProblems) -> [Placement] {
        var placements: [Placement] = []
        var problems: [String] = []
        for (entry, placement) in entriesWithPlacements(in: installation) {
            switch placement {
            case .success(let placement): placements.append(placement)
            case .failure(let refusal): problems.append("\(entry.title): \(refusal.message)")
            }
        }
        guard problems.isEmpty else { throw BackupProblems(problems) }
        return placements
    }

    /// Each entry with its target, or with the reason why it has none.
    public func entriesWithPlacements(
        in installation: Installation
    ) -> [(entry: Entry, placement: Result<Placement, Refusal>)] {
        let places = installation.zonesAndHotWater
        var taken: Set<Target> = []
        return entries.map { entry in
            do throws(Refusal) {
                let place = try entry.place(among: places)
                guard taken.insert(place.target).inserted else {
                    throw Refusal(.malformed, "there is more than one schedule for \(place.name.excerpt).")
                }
                return (entry, .success(Placement(place, schedule: entry.schedule)))
            } catch {
                return (entry, .failure(error))
            }
        }
    }

    /// Only the schedules of some targets.
    ///
    /// - Parameter name: What they were saved under, for the refusal.
    /// - Throws: ``Refusal`` if one of them has none.
    public func limited(
        to targets: [NamedTarget],
        in installation: Installation,
        savedAs name: ScheduleLibrary.Name
    ) throws(Refusal) -> ScheduleBackup {
        var left = targets
        var kept: [Entry] = []
        for case (let entry, .success(let placement)) in entriesWithPlacements(in: installation)
        where targets.contains(placement.named) {
            kept.append(entry)
            left.removeAll { $0 == placement.named }
        }
        guard let missing = left.first else { return ScheduleBackup(entries: kept) }
        throw Refusal(
            .unknownTarget,
            "\"\(name.description.excerpt)\" has no schedule for \(missing.name.excerpt); "
                + "it has: \(entries.map(\.name).listing)."
        )
    }
}

extension ScheduleBackup.Entry {
    fileprivate func place(among places: [NamedTarget]) throws(Refusal) -> NamedTarget {
        let possible = places.filter { schedule.isFor($0.target) }
        if let place = possible.first(where: { $0.id == id }) { return place }
        let named = possible.filter { place in
            (location == nil || place.location == location) && (schedule.isHotWater || place.name == name)
        }
        switch named.count {
        case 1: return named[0]
        case 0:
            throw Refusal(.unknownTarget, "nothing has this id or name; known names: \(possible.map(\.name).listing).")
        default: throw Refusal(.unknownTarget, "more than one has this name; use the id of the right one.")
        }
    }
}

extension AnySchedule {
    fileprivate var isHotWater: Bool {
        if case .hotWater = self { true } else { false }
    }

    fileprivate func isFor(_ target: Target) -> Bool {
        switch (self, target) {
        case (.zone, .zone), (.hotWater, .hotWater): true
        default: false
        }
    }
}

/// Why a backup cannot be used: a sentence for each of its entries that is at fault.
public struct BackupProblems: Error, Equatable, Sendable, CustomStringConvertible {
    public var sentences: [String]

    public init(_ sentences: [String]) {
        self.sentences = sentences
    }

    public var description: String { sentences.joined(separator: "\n") }
}
