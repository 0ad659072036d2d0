/// Something that a status has otherwise than the installation, which is then too old.
public enum LocationDifference: Hashable, Sendable {
    case systemAppeared(ControlSystemID)
    case systemDisappeared(ControlSystemID)
    case zoneAppeared(ZoneID)
    case zoneDisappeared(ZoneID)
    case zoneRenamed(ZoneID, to: String)
    case hotWaterAppeared(HotWaterID)
    case hotWaterDisappeared(HotWaterID)
}

extension Location {
    /// What a status names that is not here, or has under another name; nothing while both tell the same.
    public func differences(from status: LocationStatus) -> Set<LocationDifference> {
        var differences: Set<LocationDifference> = []
        let reported = Dictionary(status.systems.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for system in systems {
            guard let status = reported[system.id] else {
                differences.insert(.systemDisappeared(system.id))
                continue
            }
            differences.formUnion(system.differences(from: status))
        }
        let known = Set(systems.map(\.id))
        for id in reported.keys where !known.contains(id) { differences.insert(.systemAppeared(id)) }
        return differences
    }
}

extension ControlSystem {
    fileprivate func differences(from status: ControlSystemStatus) -> Set<LocationDifference> {
        var differences: Set<LocationDifference> = []
        var missing = Dictionary(zones.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        for zone in status.zones {
            guard let name = missing.removeValue(forKey: zone.id) else {
                differences.insert(.zoneAppeared(zone.id))
                continue
            }
            if let reported = zone.name, reported != name { differences.insert(.zoneRenamed(zone.id, to: reported)) }
        }
        for id in missing.keys { differences.insert(.zoneDisappeared(id)) }
        if hotWater?.id != status.hotWater?.id {
            if let id = hotWater?.id { differences.insert(.hotWaterDisappeared(id)) }
            if let id = status.hotWater?.id { differences.insert(.hotWaterAppeared(id)) }
        }
        return differences
    }
}
