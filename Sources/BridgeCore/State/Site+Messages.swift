public import HeatingModel

extension Site {
    /// Everything that the topics of this site should say now.
    ///
    /// - Parameters:
    ///   - layout: Where it stands.
    ///   - output: In which forms.
    ///   - now: For what depends on the time, such as the current switchpoint.
    public func messages(in layout: TopicLayout, output: StateOutput, at now: Instant) -> [StateMessage] {
        guard let availability = layout.availabilityTopic(of: system.id) else { return [] }
        // Before the first answer nothing is known, and what an earlier run retained is better than nulls, until it is
        // too old.
        guard status != nil || !isFresh else { return [] }
        var messages = [StateMessage(topic: availability, payload: isAvailable ? "online" : "offline")]
        guard status != nil else { return messages }
        for target in targets {
            guard let topic = layout.topic(of: target), let state = state(of: target, at: now) else { continue }
            messages += output.messages(topic: topic, state: state)
        }
        return messages
    }

    private var targets: [Target] {
        [.system(system.id)]
            + (system.hotWater.map { [.hotWater($0.id, in: system.id)] } ?? [])
            + system.zones.sorted { $0.id < $1.id }.map { .zone($0.id, in: system.id) }
    }

    /// A target's state as JSON; `nil` for a ghost.
    private func state(of target: Target, at now: Instant) -> JSONValue? {
        switch target {
        case .system: systemState
        case .hotWater: hotWaterState
        case .zone(let id, in: _): system.zones.first { $0.id == id }.flatMap { zoneState($0, at: now) }
        }
    }

    private var systemState: JSONValue {
        [
            "id": .string(system.id.text),
            "name": .string(location.name),
            "model": JSONValue(system.model),
            "mode": JSONValue(status?.mode),
            "permanent": JSONValue(status?.isPermanent),
            "until": JSONValue(status?.until),
            "faults": JSONValue(status?.faults ?? []),
            "available": .bool(isAvailable),
        ]
    }

    private func zoneState(_ zone: Zone, at now: Instant) -> JSONValue? {
        let status = shown(zone.id, at: now)
        guard !zone.isGhost(with: reported(zone.id)) else { return nil }
        let schedule = schedules[zone.id]
        return [
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
            "schedule": [
                "current": switchpoint(schedule?.current(at: now, in: location.timeZone), time: "since"),
                "next": switchpoint(schedule?.next(after: now, in: location.timeZone), time: "at"),
            ],
        ]
    }

    private var hotWaterState: JSONValue? {
        guard let hotWater = system.hotWater else { return nil }
        let status = status?.hotWater
        return [
            "id": .string(hotWater.id.text),
            "temperature": JSONValue(status?.temperature),
            "available": .bool(status?.temperature != nil),
            "state": JSONValue(status?.state),
            "mode": JSONValue(status?.mode),
            "until": JSONValue(status?.until),
            "faults": JSONValue(status?.faults ?? []),
            "schedule": ["current": nil, "next": nil],
        ]
    }

    private func switchpoint(_ scheduled: ScheduledValue<Double>?, time: String) -> JSONValue {
        guard let scheduled else { return .null }
        return .object([
            JSONValue.Member("setpoint", .number(scheduled.value)),
            JSONValue.Member(time, .string(scheduled.start.description)),
        ])
    }
}

extension JSONValue {
    fileprivate init(_ faults: [Fault]) {
        self = .array(faults.map { ["type": .string($0.kind.rawValue), "since": JSONValue($0.since)] })
    }
}
