public import Basics
import HeatingModel

extension Site {
    /// Everything that is known of the site, with the states that its topics show; `null` where nothing is.
    public func document(at now: Instant) -> JSONValue {
        let shown = shown(at: now)
        let states = targets.map { target in
            (target, shown.flatMap { state(of: target, in: $0, at: now) })
        }
        var document: [JSONValue.Member] = [
            .init("location", ["id": .string(location.id.text), "name": .string(location.name)]),
            .init("available", .bool(isAvailable)),
        ]
        var zones: [JSONValue] = []
        var hotWater = JSONValue.null
        for (target, state) in states {
            switch target {
            case .system: document.append(.init("system", state ?? .null))
            case .hotWater: hotWater = state ?? .null
            case .zone: if let state { zones.append(state) }
            }
        }
        return .object(document + [.init("hot_water", hotWater), .init("zones", .array(zones))])
    }
}
