import Basics
import HeatingModel

/// What overrides a zone or hot water takes, as the cloud reported it.
struct OverrideLimits: Equatable, Sendable {
    /// What it is about, at the beginning of a sentence.
    var subject: String
    /// None where the cloud does not say.
    var allowedModes: [SetpointMode]
    /// The longest that an override with an end may last, in seconds.
    var maximumDuration: Double?
    /// What ends are rounded to, in seconds.
    var timingResolution: Double?

    func checkAllows(_ mode: SetpointMode) throws(Refusal) {
        guard allowedModes.isEmpty || allowedModes.contains(mode) else {
            let modes = allowedModes.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.notAllowed, "\(subject) does not take the mode \(mode); it takes \(modes).")
        }
    }

    func checkLength(_ length: Duration) throws(Refusal) {
        guard let longest = maximumDuration.map(Duration.init(reportedSeconds:)), length > longest else { return }
        throw Refusal(
            .outOfRange,
            "An override of \(length.readable) is too long; \(longest.readable) is the most."
        )
    }

    /// Checks of an end what does not depend on the moment.
    func check(_ end: OrderEnd) throws(Refusal) {
        switch end {
        case .never: try checkAllows(.permanentOverride)
        case .at, .atLocalTime: try checkAllows(.temporaryOverride)
        case .after(let duration):
            try checkAllows(.temporaryOverride)
            try checkLength(duration)
        // Whether these end at all depends on the moment and the schedule.
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

    func checkRange(_ setpoint: Double) throws(Refusal) {
        guard range.contains(setpoint) else {
            throw Refusal(
                .outOfRange,
                "The setpoint \(setpoint) °C is not between \(range.lowerBound) and \(range.upperBound) °C."
            )
        }
    }

    /// What setpoints it takes, in °C; for a zone that does not say, what an evohome controller takes.
    var range: ClosedRange<Double> {
        let lowest = minimum ?? 5
        return lowest...max(maximum ?? 35, lowest)
    }

    /// The setpoint on the zone's steps, within its range.
    func rounded(_ setpoint: Double) -> Double {
        guard let step, step > 0 else { return setpoint }
        // Multiples of a step such as 0.1 are not the numbers that people write: 3 * 0.1 is 0.30000000000000004.
        let nearest = ((setpoint / step).rounded() * step * 1000).rounded() / 1000
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
            let states = allowedStates.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.notAllowed, "The hot water does not take the state \(state); it takes \(states).")
        }
    }
}

extension Duration {
    /// Seconds as the cloud reported them, within what a duration can hold.
    init(reportedSeconds seconds: Double) {
        self = seconds > 0 ? .seconds(min(seconds, 1e10)) : .zero
    }
}
