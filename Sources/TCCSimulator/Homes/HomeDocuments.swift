/// A home as the cloud would report it: what a folder of captures holds, and what the built-in homes are written as.
struct HomeDocuments: Sendable {
    /// `GET userAccount`.
    var account: JSONObject
    /// The elements of `GET location/installationInfo`.
    var locations: [JSON]
    /// `GET location/{id}/status` by location.
    var statuses: [String: JSON] = [:]
    /// `GET …/schedule` by zone or hot water.
    var schedules: [String: JSON] = [:]
    /// What zones and hot water get that have none of their own.
    var zoneSchedule: JSON?
    var hotWaterSchedule: JSON?
    /// Finer readings by zone, in °C.
    var temperatures: [String: Double] = [:]
}

extension HomeDocuments {
    private static let identifierKeys: Set = ["locationId", "gatewayId", "systemId", "zoneId", "dhwId"]

    /// All ids in it, of any kind.
    var identifiers: Set<String> {
        var found: Set<String> = []
        func collect(_ json: JSON) {
            switch json {
            case .array(let elements): elements.forEach(collect)
            case .object(let object):
                for member in object.members {
                    if Self.identifierKeys.contains(member.key), let id = member.value.identifier { found.insert(id) }
                    collect(member.value)
                }
            default: break
            }
        }
        locations.forEach(collect)
        statuses.values.forEach(collect)
        return found
    }

    /// The same home under other ids wherever one is taken. A zone that shares its system's id goes on sharing it.
    func renumbered(in pool: inout IdentifierPool) -> HomeDocuments {
        let names = pool.take(identifiers)
        guard !names.isEmpty else { return self }
        var copy = self
        copy.locations = locations.map { Self.renamed($0, names) ?? $0 }
        copy.statuses = Self.renamed(statuses, names).mapValues { Self.renamed($0, names) ?? $0 }
        copy.schedules = Self.renamed(schedules, names)
        copy.temperatures = Self.renamed(temperatures, names)
        return copy
    }

    private static func renamed<Value>(_ table: [String: Value], _ names: [String: String]) -> [String: Value] {
        Dictionary(table.map { (names[$0.key] ?? $0.key, $0.value) }) { first, _ in first }
    }

    /// Nil where nothing changes, so that a thousand copies of a home share what they have in common.
    private static func renamed(_ json: JSON, _ names: [String: String]) -> JSON? {
        switch json {
        case .array(let elements):
            let changed = elements.map { renamed($0, names) }
            guard changed.contains(where: { $0 != nil }) else { return nil }
            return .array(zip(elements, changed).map { $1 ?? $0 })
        case .object(let object):
            var result = object
            var isChanged = false
            for member in object.members {
                if identifierKeys.contains(member.key), let name = member.value.identifier.flatMap({ names[$0] }) {
                    result[member.key] = .string(name)
                } else if let value = renamed(member.value, names) {
                    result[member.key] = value
                } else {
                    continue
                }
                isChanged = true
            }
            return isChanged ? .object(result) : nil
        default:
            return nil
        }
    }
}
