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

    /// When the next switchpoint comes.
    enum NextSwitchpoint: Equatable {
        /// The schedule has to be read first.
        case unread
        /// There is no schedule, or the mode follows none.
        case absent
        case at(Instant)

        /// - Parameter mode: The control system's. Where it follows no schedule, none has to be read.
        init<Value>(
            _ known: KnownSchedule<Value>,
            after now: Instant,
            in mode: SystemMode?,
            timeZone: LocationTimeZone
        ) {
            guard known != .unread || mode?.followsSchedules == false else {
                self = .unread
                return
            }
            let followed = FollowedSchedule(known.schedule, in: mode, timeZone: timeZone)
            self = followed.next(after: now).map { .at($0.start) } ?? .absent
        }
    }

    private enum End {
        case never
        /// It should end at the next switchpoint, but there is none.
        case neverForLackOfSchedule
        case at(Instant)
        case needsSchedule
    }

    /// - Returns: `nil` when the schedule has to be read first.
    func override<Value>(
        holding value: Value,
        until end: RequestedEnd,
        _ notes: inout [PlannedCall.Note]
    ) throws(Refusal) -> Override<Value>? {
        let override: Override<Value>
        switch try self.end(for: end, &notes) {
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

    private func end(for wanted: RequestedEnd, _ notes: inout [PlannedCall.Note]) throws(Refusal) -> End {
        switch wanted {
        case .never: .never
        case .at(let instant): .at(try onGrid(instant, &notes))
        case .atLocal(let local): .at(try onGrid(timeZone.occurrence(of: local, after: moment.now), &notes))
        case .after(let duration): .at(try onGrid(moment.received + duration, &notes))
        case .atLocalTime(let time): .at(try onGrid(timeZone.nextOccurrence(of: time, after: moment.now), &notes))
        case .endOf(let day): .at(try onGrid(timeZone.end(of: day), &notes))
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
        case .absent: .neverForLackOfSchedule
        case .at(let instant): .at(instant)
        }
    }

    /// The end at the next step, so that an override is never shorter than asked.
    private func onGrid(_ end: Instant, _ notes: inout [PlannedCall.Note]) throws(Refusal) -> Instant {
        let now = moment.now
        guard end > now else { throw Refusal.inThePast(end) }
        // Rounding up may add less than one step to the longest override there is.
        try limits.checkLength(now.duration(to: end))
        // What the cloud reported is possible, whatever the step.
        guard running.mode != .temporaryOverride || running.until != end else { return end }
        let resolution = Duration(reportedSeconds: limits.timingResolution ?? 600)
        let rounded = end.rounded(.up, to: resolution, in: timeZone)
        if rounded != end { notes.append(.endRounded(to: rounded)) }
        return rounded
    }
}

/// Which overrides a zone or hot water accepts, as the cloud reported.
struct OverrideLimits: Equatable, Sendable {
    /// The target, as the beginning of a sentence.
    var subject: String
    /// Empty if the cloud does not say.
    var allowedModes: [SetpointMode]
    /// The longest that an override with an end may last, in seconds.
    var maximumDuration: Double?
    /// What ends are rounded to, in seconds.
    var timingResolution: Double?

    func checkAllows(_ mode: SetpointMode) throws(Refusal) {
        guard allowedModes.isEmpty || allowedModes.contains(mode) else {
            throw Refusal.unsupported(mode.rawValue, "mode", by: subject, supported: allowedModes.map(\.rawValue))
        }
    }

    func checkLength(_ length: Duration) throws(Refusal) {
        guard let longest = maximumDuration.map(Duration.init(reportedSeconds:)), length > longest else { return }
        throw Refusal.tooLong("An override of \(length.readable)", longest: longest)
    }

    /// Checks what does not depend on the time.
    func check(_ end: RequestedEnd) throws(Refusal) {
        switch end {
        case .never: try checkAllows(.permanentOverride)
        case .at, .atLocal, .atLocalTime: try checkAllows(.temporaryOverride)
        case .endOf(let day): throw Refusal.noTime(day)
        case .after(let duration):
            try checkAllows(.temporaryOverride)
            try checkLength(duration)
        // Whether these end at all depends on the time and the schedule.
        case .asRunning, .nextSwitchpoint: break
        }
    }
}

extension SetpointCapabilities {
    var limits: OverrideLimits {
        OverrideLimits(
            subject: "The zone",
            allowedModes: allowedModes,
            maximumDuration: maximumDuration,
            timingResolution: timingResolution
        )
    }

    func checkRange(_ setpoint: Temperature) throws(Refusal) {
        guard range.contains(setpoint) else {
            throw Refusal(
                .outOfRange,
                "The setpoint \(setpoint) °C is not between \(range.lowerBound) and \(range.upperBound) °C."
            )
        }
    }

    /// The setpoints that it accepts, in °C; by default those of an evohome controller.
    var range: ClosedRange<Temperature> {
        let lowest = minimum ?? 5
        return lowest...max(maximum ?? 35, lowest)
    }

    /// The setpoint rounded to the zone's step, within its range.
    func rounded(_ setpoint: Temperature) -> Temperature {
        guard let step, step > 0 else { return setpoint }
        // Multiples of a step such as 0.1 are not the numbers that people write: 3 * 0.1 is 0.30000000000000004.
        let nearest = Temperature(celsius: ((setpoint.celsius / step).rounded() * step * 1000).rounded() / 1000)
        return max(min(nearest, maximum ?? nearest), minimum ?? nearest)
    }
}

extension HotWater {
    var limits: OverrideLimits {
        OverrideLimits(
            subject: "The hot water",
            allowedModes: allowedModes,
            maximumDuration: maximumDuration,
            timingResolution: timingResolution
        )
    }

    func checkAllows(_ state: HotWaterState) throws(Refusal) {
        guard allowedStates.isEmpty || allowedStates.contains(state) else {
            let states = allowedStates.map(\.rawValue)
            throw Refusal.unsupported(state.rawValue, "state", by: "The hot water", supported: states)
        }
    }
}

extension Duration {
    /// Seconds as the cloud reported them, within what a duration can hold.
    init(reportedSeconds seconds: Double) {
        self = seconds > 0 ? .seconds(min(seconds, 1e10)) : .zero
    }
}
