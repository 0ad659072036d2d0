public import HeatingModel

extension ZoneOrder {
    /// Checks what does not depend on the moment, so that a bad order is refused as soon as it comes.
    public func check(against zone: Zone) throws(Refusal) {
        guard case .hold(let setpoint, let end) = self else {
            return try zone.setpoint.checkAllows(.followSchedule)
        }
        if let setpoint { try zone.setpoint.checkRange(setpoint) }
        switch end {
        case .never: try zone.setpoint.checkAllows(.permanentOverride)
        case .at, .atLocalTime: try zone.setpoint.checkAllows(.temporaryOverride)
        case .after(let duration):
            try zone.setpoint.checkAllows(.temporaryOverride)
            try zone.setpoint.checkLength(duration)
        // Whether these end at all depends on the moment and the schedule.
        case .asRunning, .nextSwitchpoint: break
        }
    }
}

extension SetpointCapabilities {
    func checkRange(_ setpoint: Double) throws(Refusal) {
        // What an evohome controller takes, for a zone that does not say.
        let (lowest, highest) = (minimum ?? 5, maximum ?? 35)
        guard setpoint >= lowest, setpoint <= highest else {
            throw Refusal(.outOfRange, "The setpoint \(setpoint) °C is not between \(lowest) and \(highest) °C.")
        }
    }

    func checkAllows(_ mode: SetpointMode) throws(Refusal) {
        guard allowedModes.isEmpty || allowedModes.contains(mode) else {
            let modes = allowedModes.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.notAllowed, "The zone does not take the mode \(mode); it takes \(modes).")
        }
    }

    func checkLength(_ length: Duration) throws(Refusal) {
        guard let longest = maximumDuration.map(Duration.init(reportedSeconds:)), length > longest else { return }
        throw Refusal(
            .outOfRange,
            "An override of \(length.readable) is too long; the zone takes \(longest.readable) at most."
        )
    }

    /// The setpoint on the zone's steps, within its range.
    func rounded(_ setpoint: Double) -> Double {
        guard let step, step > 0 else { return setpoint }
        // Multiples of a step such as 0.1 are not the numbers that people write: 3 * 0.1 is 0.30000000000000004.
        let nearest = ((setpoint / step).rounded() * step * 1000).rounded() / 1000
        return max(min(nearest, maximum ?? nearest), minimum ?? nearest)
    }
}

extension Duration {
    /// Seconds as the cloud reported them, within what a duration can hold.
    init(reportedSeconds seconds: Double) {
        self = seconds > 0 ? .seconds(min(seconds, 1e10)) : .zero
    }
}
