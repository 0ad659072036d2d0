import Basics
import HeatingModel

/// A command for all zones of a control system, or for some of them: what each is to do.
struct ZonesCommand {
    static let key = "zones"

    let action: CommandAction
    /// In the words of the sender; `nil` for all.
    private let names: [String]?

    /// Reads what a zone takes, and `"zones":["kitchen","hall"]` beside it.
    init(_ requested: JSONValue, form: CommandTopic.Form) throws(Refusal) {
        guard form == .object, case .object(let members) = requested else {
            action = try CommandAction(zone: requested, form: form)
            names = nil
            return
        }
        // So that a sentence about an unknown key names all that are known.
        _ = try RequestMembers(requested, keys: [Self.key] + Temperature.keys + RequestMembers.ends + ["mode"])
        names = try requested[Self.key].map { value throws(Refusal) in try [String](zones: value) }
        action = try CommandAction(zone: .object(members.filter { $0.key != Self.key }), form: form)
    }

    /// The zones that are meant, each once, in order of their ids.
    func targets(in site: Site, layout: TopicLayout) throws(Refusal) -> [Target] {
        let zones = site.system.zones.filter { !$0.isGhost(with: site.reported($0.id)) }
        let all = zones.map { Target.zone($0.id, in: site.system.id) }.sorted()
        guard !all.isEmpty else { throw Refusal(.unknownTarget, "This control system has no zones.") }
        guard let names else { return all }
        guard !names.isEmpty else {
            let known = zones.map(\.name).listing
            throw Refusal(.incomplete, "zones is empty; leave it out for all zones. Known zones: \(known).")
        }
        let finder = TargetFinder(site, layout: layout)
        let meant = try names.map { name throws(Refusal) in try finder.zone(called: name).target }
        return Array(Set(meant)).sorted()
    }
}

extension [String] {
    /// Words for zones in a message: `["kitchen",7011]`, or one word alone.
    init(zones value: JSONValue) throws(Refusal) {
        let elements = if case .array(let elements) = value { elements } else { [value] }
        self = try elements.map { element throws(Refusal) in
            switch element {
            case .string(let word): return word
            case .integer(let id): return "\(id)"
            default: throw Refusal(.malformed, "zones is not a list of names or ids such as [\"kitchen\",\"hall\"].")
            }
        }
    }
}
