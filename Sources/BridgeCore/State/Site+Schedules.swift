public import Basics
public import HeatingModel

extension Site {
    /// The schedule topics of this site, as far as schedules were read.
    public func scheduleMessages(in layout: TopicLayout) -> [Publication] {
        targets.compactMap { target in
            guard let topic = layout.scheduleTopic(of: target), let schedule = schedule(of: target) else { return nil }
            return Publication(topic: topic, payload: schedule.text)
        }
    }

    /// When what is shown changes though the cloud says nothing: the next switchpoint of any schedule that the system follows in its mode.
    public func nextSwitchpoint(after now: Instant) -> Instant? {
        let mode = shown(at: now)?.mode
        let zones = system.zones.compactMap { nextSwitchpoint(of: schedules[$0.id], in: mode, after: now) }
        let hotWater = system.hotWater.flatMap { nextSwitchpoint(of: schedules[$0.id], in: mode, after: now) }
        return (zones + [hotWater].compactMap(\.self)).min()
    }

    private func nextSwitchpoint<Value>(
        of known: KnownSchedule<Value>,
        in mode: SystemMode?,
        after now: Instant
    ) -> Instant? {
        FollowedSchedule(known.schedule, in: mode, timeZone: location.timeZone).next(after: now)?.start
    }

    private func schedule(of target: Target) -> JSONValue? {
        switch target {
        case .zone(let id, in: _): schedules[id].schedule?.json
        case .hotWater(let id, in: _): schedules[id].schedule?.json
        case .system: nil
        }
    }
}

extension Schedule where Value: SetpointOrState {
    /// The schedule in the location's local time: `{"monday":[{"time":"07:00","setpoint":18.1},…],…}`.
    public var json: JSONValue {
        .object(
            Weekday.allCases.compactMap { day in
                days[day].map { JSONValue.Member(day.name, .array($0.map(\.json))) }
            }
        )
    }
}

extension Switchpoint where Value: SetpointOrState {
    fileprivate var json: JSONValue {
        .object([.init("time", .string("\(time)")), .init(Value.key, value.json)])
    }
}
