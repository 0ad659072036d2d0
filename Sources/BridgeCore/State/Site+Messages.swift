public import Basics
import HeatingModel

extension Site {
    /// What the topics of this site should show now.
    ///
    /// - Parameters:
    ///   - layout: The topics.
    ///   - output: The forms of state to publish.
    ///   - now: For what depends on the time, such as the current switchpoint.
    public func messages(in layout: TopicLayout, output: StateOutput, at now: Instant) -> [Publication] {
        parts(in: layout, output: output, at: now).flatMap { $0.messages() }
    }

    /// The same messages: those of each target are a part.
    public func parts(in layout: TopicLayout, output: StateOutput, at now: Instant) -> [PublishedTopics.Part] {
        guard let availability = layout.availabilityTopic(of: system.id) else { return [] }
        // Before the first answer nothing is known, and what an earlier run retained is better than nulls, until it is
        // too old.
        guard status != nil || !isFresh else { return [] }
        let online = Publication(topic: availability, payload: isAvailable ? "online" : "offline")
        let targets = states(at: now).compactMap { target, state -> PublishedTopics.Part? in
            guard let topic = layout.topic(of: target) else { return nil }
            return .init(of: JSONValue.Member(topic, state)) { output.messages(of: state, at: topic) }
        }
        return [.init(of: [online.topic, online.payload]) { [online] }] + targets
    }

    /// Everything that has topics, in the order of publishing.
    var targets: [Target] {
        [.system(system.id)]
            + (system.hotWater.map { [.hotWater($0.id, in: system.id)] } ?? [])
            + system.zones.sorted { $0.id < $1.id }.map { .zone($0.id, in: system.id) }
    }

    /// Every target's state as JSON, without ghosts, in the order of publishing; empty while nothing is known.
    private func states(at now: Instant) -> [(target: Target, state: JSONValue)] {
        guard let status, let shown = shown(at: now) else { return [] }
        let lookup = ScheduleLookup(of: self, in: shown.mode, at: now)
        var states = [(Target.system(system.id), systemState(shown))]
        if let hotWater = system.hotWater {
            let status = hotWater.id == shown.hotWater?.id ? shown.hotWater : nil
            states.append((.hotWater(hotWater.id, in: system.id), hotWaterState(hotWater, status, by: lookup)))
        }
        // What is shown has the zones that were reported, in their places.
        let places = Dictionary(
            status.zones.enumerated().map { ($1.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for zone in system.zones.sorted(by: { $0.id < $1.id }) {
            let place = places[zone.id]
            guard !zone.isGhost(with: place.map { status.zones[$0] }) else { continue }
            let state = zoneState(zone, place.map { shown.zones[$0] }, by: lookup)
            states.append((.zone(zone.id, in: system.id), state))
        }
        return states
    }

    private func systemState(_ status: ControlSystemStatus) -> JSONValue {
        [
            "id": .string(system.id.text),
            "name": .string(location.name),
            "model": JSONValue(system.model),
            "mode": JSONValue(status.mode),
            "permanent": JSONValue(status.isPermanent),
            "until": JSONValue(status.until),
            "faults": JSONValue(status.faults),
            "available": .bool(isAvailable),
            "changed": JSONValue(changes[.system(system.id)]),
        ]
    }

    private func zoneState(_ zone: Zone, _ status: ZoneStatus?, by lookup: ScheduleLookup) -> JSONValue {
        [
            "id": .string(zone.id.text),
            "name": .string(zone.name),
            "type": JSONValue(zone.type),
            "model": JSONValue(zone.model),
            "temperature": JSONValue(status?.temperature),
            "available": .bool(status?.temperature != nil),
            "setpoint": JSONValue(status?.setpoint),
            "mode": JSONValue(status?.mode),
            "until": JSONValue(status?.until),
            "min_setpoint": JSONValue(zone.setpoint.minimum),
            "max_setpoint": JSONValue(zone.setpoint.maximum),
            "setpoint_step": JSONValue(zone.setpoint.step),
            "faults": JSONValue(status?.faults ?? []),
            "schedule": switchpoints(schedules[zone.id], by: lookup),
            "changed": JSONValue(changes[.zone(zone.id, in: system.id)]),
        ]
    }

    private func hotWaterState(
        _ hotWater: HotWater,
        _ status: HotWaterStatus?,
        by lookup: ScheduleLookup
    ) -> JSONValue {
        [
            "id": .string(hotWater.id.text),
            "temperature": JSONValue(status?.temperature),
            "available": .bool(status?.temperature != nil),
            "state": JSONValue(status?.state),
            "mode": JSONValue(status?.mode),
            "until": JSONValue(status?.until),
            "faults": JSONValue(status?.faults ?? []),
            "schedule": switchpoints(schedules[hotWater.id], by: lookup),
            "changed": JSONValue(changes[.hotWater(hotWater.id, in: system.id)]),
        ]
    }

    private func switchpoints(_ known: KnownSchedule<some SetpointOrState>, by lookup: ScheduleLookup) -> JSONValue {
        let followed = lookup.followed(known)
        return [
            "current": switchpoint(followed.current(at: lookup.now), time: "since"),
            "next": switchpoint(followed.next(after: lookup.now), time: "at"),
        ]
    }

    private func switchpoint<Value: SetpointOrState>(_ scheduled: ScheduledValue<Value>?, time: String) -> JSONValue {
        guard let scheduled else { return .null }
        return .object([
            JSONValue.Member(Value.key, scheduled.value.json),
            JSONValue.Member(time, .string(scheduled.start.description)),
        ])
    }
}

/// What the schedules of a site are looked up by.
private struct ScheduleLookup {
    let now: Instant
    private let mode: SystemMode?
    private let timeZone: LocationTimeZone

    init(of site: Site, in mode: SystemMode?, at now: Instant) {
        self.now = now
        self.mode = mode
        let timeZone = site.location.timeZone
        self.timeZone = site.schedules.count == 0 ? timeZone : timeZone.steady(around: now)
    }

    func followed<Value>(_ known: KnownSchedule<Value>) -> FollowedSchedule<Value> {
        FollowedSchedule(known.schedule, in: mode, timeZone: timeZone)
    }
}

extension JSONValue {
    fileprivate init(_ faults: [Fault]) {
        self = .array(faults.map { ["type": .string($0.kind.rawValue), "since": JSONValue($0.since)] })
    }
}

extension Site {
    // The keys of states with plain values, each of which has a topic. `TopicInventoryTests` hold them to the states.

    static let systemAttributes = [
        "id", "name", "model", "mode", "permanent", "until", "available", "changed_by", "changed_at",
    ]
    static let hotWaterAttributes = [
        "id", "temperature", "available", "state", "mode", "until", "changed_by", "changed_at",
    ]
    static let zoneAttributes = [
        "id", "name", "type", "model", "temperature", "available", "setpoint", "mode", "until", "min_setpoint",
        "max_setpoint", "setpoint_step", "changed_by", "changed_at",
    ]
}

extension Site {
    /// The schedule topics of this site, as far as schedules were read.
    public func scheduleMessages(in layout: TopicLayout) -> [Publication] {
        targets.compactMap { target in
            guard let topic = layout.scheduleTopic(of: target), let schedule = schedule(of: target) else { return nil }
            return Publication(topic: topic, payload: schedule.text)
        }
    }

    /// When what is shown next changes by itself: at the next switchpoint of a schedule that the system follows in its
    /// mode.
    public func nextSwitchpoint(after now: Instant) -> Instant? {
        let lookup = ScheduleLookup(of: self, in: shown(at: now)?.mode, at: now)
        let zones = system.zones.compactMap { lookup.followed(schedules[$0.id]).next(after: now)?.start }
        let hotWater = system.hotWater.flatMap { lookup.followed(schedules[$0.id]).next(after: now)?.start }
        return (zones + [hotWater].compactMap(\.self)).min()
    }

    private func schedule(of target: Target) -> JSONValue? {
        switch target {
        case .zone(let id, in: _): schedules[id].schedule?.json
        case .hotWater(let id, in: _): schedules[id].schedule?.json
        case .system: nil
        }
    }
}

extension Site {
    /// Everything that is known of the site, with the states that its topics show; `null` where nothing is.
    public func document(at now: Instant) -> JSONValue {
        let states = states(at: now)
        var document: [JSONValue.Member] = [
            .init("location", ["id": .string(location.id.text), "name": .string(location.name)]),
            .init("available", .bool(isAvailable)),
        ]
        if states.isEmpty { document.append(.init("system", .null)) }
        var zones: [JSONValue] = []
        var hotWater = JSONValue.null
        for (target, state) in states {
            switch target {
            case .system: document.append(.init("system", state))
            case .hotWater: hotWater = state
            case .zone: zones.append(state)
            }
        }
        return .object(document + [.init("hot_water", hotWater), .init("zones", .array(zones))])
    }
}

/// The forms in which state is published.
public enum StateOutput: String, Sendable, CaseIterable {
    case json
    case attributes
    case both

    /// A topic with the whole of it, and one for each attribute that has a plain value.
    func messages(of state: JSONValue, at topic: String) -> [Publication] {
        var messages: [Publication] = []
        if self != .attributes { messages.append(Publication(topic: topic, payload: state.text)) }
        guard self != .json, case .object(let members) = state else { return messages }
        let prefix = topic + "/"
        for member in members {
            if member.key == "changed" {
                for (key, name) in [("by", "changed_by"), ("at", "changed_at")] {
                    messages.append(Publication(topic: prefix + name, payload: member.value[key]?.plainText ?? ""))
                }
            } else if member.value.isPlain {
                messages.append(Publication(topic: prefix + member.key, payload: member.value.plainText))
            }
        }
        return messages
    }
}

extension JSONValue {
    /// Whether it has a topic of its own.
    fileprivate var isPlain: Bool {
        switch self {
        case .array, .object: false
        case .null, .bool, .integer, .number, .string: true
        }
    }
}
