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

    /// When what is shown changes though the cloud says nothing: the next switchpoint of any schedule.
    public func nextSwitchpoint(after now: Instant) -> Instant? {
        let zones = system.zones.compactMap {
            schedules[$0.id].schedule?.next(after: now, in: location.timeZone)?.start
        }
        let hotWater = system.hotWater.flatMap {
            schedules[$0.id].schedule?.next(after: now, in: location.timeZone)?.start
        }
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
