import Basics
public import HeatingModel

extension ScheduleBackup {
    /// A week, and what it is to be written to.
    public struct Placement: Equatable, Sendable {
        public var named: NamedTarget
        public var week: Week

        public init(_ named: NamedTarget, week: Week) {
            self.named = named
            self.week = week
        }
    }

    /// Finds what each week is of: by its id, else by its name where that is unique, since ids change when a controller
    /// is paired again. An account's only hot water needs no name.
    ///
    /// - Throws: ``BackupProblems`` where a week has no place, or a place would get two.
    public func placements(in installation: Installation) throws(BackupProblems) -> [Placement] {
        let places = installation.zonesAndHotWater
        var placements: [Placement] = []
        var problems: [String] = []
        for entry in entries {
            do throws(Refusal) {
                let place = try entry.place(among: places)
                guard !placements.contains(where: { $0.named.target == place.target }) else {
                    throw Refusal(.malformed, "it is not the only week for \(place.name.excerpt).")
                }
                placements.append(Placement(place, week: entry.week))
            } catch {
                problems.append("\(entry.title): \(error.message)")
            }
        }
        guard problems.isEmpty else { throw BackupProblems(problems) }
        return placements
    }
}

extension ScheduleBackup.Entry {
    fileprivate func place(among places: [NamedTarget]) throws(Refusal) -> NamedTarget {
        let possible = places.filter { week.isFor($0.target) }
        if let place = possible.first(where: { $0.id == id }) { return place }
        let named = possible.filter { place in
            (location == nil || place.location == location) && (week.isHotWater || place.name == name)
        }
        switch named.count {
        case 1: return named[0]
        case 0: throw Refusal(.unknownTarget, "nothing has this id or name; known are \(possible.map(\.name).listing).")
        default: throw Refusal(.unknownTarget, "several have this name; the id has to be that of one of them.")
        }
    }
}

extension ScheduleBackup.Week {
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
