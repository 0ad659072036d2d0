import Basics
import HeatingModel

/// Works out when an override ends.
struct OverridePlanner {
    let limits: OverrideLimits
    let timeZone: LocationTimeZone
    /// The present mode and the end that goes with it.
    let running: (mode: SetpointMode?, until: Instant?)
    let next: NextSwitchpoint
    let moment: Moment

    /// When the schedule changes the value next.
    enum NextSwitchpoint: Equatable {
        /// The schedule has to be read first.
        case unread
        /// There is none.
        case none
        case at(Instant)

        init<Value>(_ schedule: KnownSchedule<Value>, after now: Instant, in timeZone: LocationTimeZone) {
            switch schedule {
            case .unread: self = .unread
            case .none: self = .none
            case .week(let week): self = week.next(after: now, in: timeZone).map { .at($0.start) } ?? .none
            }
        }
    }

    private enum End {
        case never
        /// It would end at the next switchpoint, but there is none.
        case neverForLackOfSchedule
        case at(Instant)
        case needsSchedule
    }

    /// - Returns: `nil` when the schedule has to be read first.
    func override<Value>(
        holding value: Value,
        until end: OrderEnd,
        _ notes: inout [Plan.Note]
    ) throws(Refusal) -> Override<Value>? {
        let override: Override<Value>
        switch try self.end(for: end) {
        case .needsSchedule: return nil
        case .at(let instant): override = .hold(value, until: instant)
        case .never: override = .hold(value, until: nil)
        case .neverForLackOfSchedule:
            notes.append(.noSchedule)
            override = .hold(value, until: nil)
        }
        try limits.checkAllows(override.mode)
        return override
    }

    private func end(for wanted: OrderEnd) throws(Refusal) -> End {
        switch wanted {
        case .never: .never
        case .at(let instant): .at(try onGrid(instant))
        case .after(let duration): .at(try onGrid(moment.received + duration))
        case .atLocalTime(let time): .at(try onGrid(timeZone.nextOccurrence(of: time, after: moment.now)))
        case .nextSwitchpoint: nextSwitchpoint
        case .asRunning: asRunning
        }
    }

    private var asRunning: End {
        switch running {
        case (.permanentOverride?, _): .never
        case (.temporaryOverride?, let until?) where until > moment.now: .at(until)
        default: nextSwitchpoint
        }
    }

    private var nextSwitchpoint: End {
        switch next {
        case .unread: .needsSchedule
        case .none: .neverForLackOfSchedule
        case .at(let instant): .at(instant)
        }
    }

    private func onGrid(_ end: Instant) throws(Refusal) -> Instant {
        let now = moment.now
        guard end > now else { throw Refusal(.inThePast, "The end \(end) lies in the past.") }
        let resolution = Duration(reportedSeconds: limits.timingResolution ?? 600)
        let nearest = end.rounded(.nearest, to: resolution, in: timeZone)
        let rounded = nearest > now ? nearest : end.rounded(.up, to: resolution, in: timeZone)
        // Rounding up may add less than one step to the longest override there is.
        try limits.checkLength(min(now.duration(to: rounded), now.duration(to: end)))
        return rounded
    }
}
