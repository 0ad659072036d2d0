import HeatingModel

/// What Home Assistant is told of a site. Its documents change when something here does, and at no other time.
public struct SiteDevices: Equatable, Sendable {
    let system: ControlSystem
    private let ghosts: Set<ZoneID>
    let name: String
    /// The modes that its control system can be seen in or put into.
    let modes: [SystemMode]

    /// - Returns: `nil` before the first answer, which tells zones from ghosts.
    public init?(_ site: Site) {
        guard let status = site.status else { return nil }
        system = site.system
        ghosts = Set(system.zones.filter { $0.isGhost(with: site.reported($0.id)) }.map(\.id))
        let place = site.location.name.isEmpty ? site.location.id.text : site.location.name
        let index = site.location.systems.map(\.id).sorted().firstIndex(of: system.id) ?? 0
        name = index == 0 ? place : "\(place) \(index + 1)"
        let allowed = system.allowedModes.map(\.mode)
        // One that the cloud shows and does not list has to be known before it is shown.
        modes = allowed + [status.mode].compactMap(\.self).filter { !allowed.contains($0) }
    }

    /// Those that are no ghosts, in order of ids.
    var zones: [Zone] { system.zones.filter { !ghosts.contains($0.id) }.sorted { $0.id < $1.id } }
}
