import Basics
import HeatingModel

/// Locations in the order in which their statuses are read, so that the next of a thousand is found without looking at all
/// of them.
struct PollOrder: Sendable {
    /// By moment; those at the same moment in order of their ids.
    private var entries: [(at: Uptime, id: LocationID)] = []
    private var moments: [LocationID: Uptime] = [:]

    init(_ moments: [LocationID: Uptime] = [:]) {
        self.moments = moments
        entries = moments.map { (at: $0.value, id: $0.key) }.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    /// Moves a location, or adds it.
    mutating func set(_ id: LocationID, to moment: Uptime) {
        if let before = moments.updateValue(moment, forKey: id) {
            if before == moment { return }
            entries.remove(at: place(of: id, at: before))
        }
        entries.insert((at: moment, id: id), at: place(of: id, at: moment))
    }

    /// The location that comes first among those that a condition holds for.
    func first(where isSuch: (LocationID) -> Bool) -> LocationID? {
        entries.first { isSuch($0.id) }?.id
    }

    /// How many entries go before one.
    private func place(of id: LocationID, at moment: Uptime) -> Int {
        var places = 0..<entries.count
        while !places.isEmpty {
            let middle = places.lowerBound + places.count / 2
            let isBefore = (entries[middle].at, entries[middle].id) < (moment, id)
            places = isBefore ? middle + 1..<places.upperBound : places.lowerBound..<middle
        }
        return places.lowerBound
    }
}
