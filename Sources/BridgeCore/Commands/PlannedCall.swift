public import Basics
public import HeatingModel

/// The call for a command, checked against what its target supports and its present state.
public struct PlannedCall: Equatable, Sendable {
    /// Something that a sender should know of a command that succeeds.
    public enum Note: Equatable, Sendable {
        /// A setpoint between two steps was rounded.
        case rounded(from: Temperature, to: Temperature)
        /// An adjustment led out of the zone's range.
        case limited(to: Temperature)
        /// The end was moved to one that is possible.
        case endRounded(to: Instant)
        /// A duration without a unit was taken as days.
        case countedInDays
        /// There is no next switchpoint to end at: no schedule, or a mode that follows none.
        case noSchedule
        /// The system's mode overrides it until the mode ends.
        case masked(by: SystemMode)
        case alreadySo
    }

    public var call: CloudCall
    public var notes: [Note]

    public init(_ call: CloudCall, notes: [Note] = []) {
        self.call = call
        self.notes = notes
    }

    /// - Parameter mode: Of the control system, which may decide in the place of what the call sets; `nil` if unknown.
    init(_ call: CloudCall, notes: [Note] = [], in mode: SystemMode?) {
        let mask = mode.flatMap { call.isMasked(in: $0) ? $0 : nil }
        self.init(call, notes: notes + (mask.map { [.masked(by: $0)] } ?? []))
    }

    public var isMasked: Bool {
        notes.contains { if case .masked = $0 { true } else { false } }
    }

    func noted(_ note: Note) -> PlannedCall {
        PlannedCall(call, notes: notes + [note])
    }

    /// Sends the call, unless the status shows its effect already.
    func decision(given status: ControlSystemStatus) -> Decision {
        // What a mode masks cannot be compared, unless it follows its schedule already.
        guard isShown(by: status), !isMasked || call.isFollowSchedule else { return .send(self) }
        return .nothingToDo(noted(.alreadySo))
    }

    /// Whether a status shows its effect. No status shows schedules.
    public func isShown(by status: ControlSystemStatus) -> Bool {
        switch call {
        case .zone(let id, let override):
            guard let zone = status.zones.first(where: { $0.id == id }) else { return false }
            return override.isShown(by: zone.mode, zone.setpoint, until: zone.until, isMasked: isMasked)
        case .hotWater(let id, let override):
            guard let hotWater = status.hotWater, hotWater.id == id else { return false }
            return override.isShown(by: hotWater.mode, hotWater.state, until: hotWater.until, isMasked: isMasked)
        case .system(_, let mode, let until):
            return status.mode == mode.shownAs && status.until.isAbout(until)
        case .zoneSchedule, .hotWaterSchedule:
            return false
        }
    }
}

/// What to do for a command now.
public enum Decision: Equatable, Sendable {
    case send(PlannedCall)
    case nothingToDo(PlannedCall)
    /// The next switchpoint is needed, and the schedule was not read yet.
    case needsSchedule
}

extension CloudCall {
    fileprivate func isMasked(in mode: SystemMode) -> Bool {
        switch self {
        case .zone: mode.masksZones
        case .hotWater: mode.masksHotWater
        case .system, .zoneSchedule, .hotWaterSchedule: false
        }
    }

    fileprivate var isFollowSchedule: Bool {
        switch self {
        case .zone(_, .followSchedule), .hotWater(_, .followSchedule): true
        default: false
        }
    }
}

extension Override where Value: SetpointOrState {
    fileprivate func isShown(by mode: SetpointMode?, _ value: Value?, until: Instant?, isMasked: Bool) -> Bool {
        guard mode == self.mode else { return false }
        guard case .hold(let wanted, let end) = self else { return true }
        // A masked zone shows the mode's value.
        return (isMasked || value.map(wanted.isShown) ?? false) && until.isAbout(end)
    }
}

extension Instant? {
    /// Whether both are ends at the same time, or no end. The cloud cuts times to the second, the gateway to the minute.
    fileprivate func isAbout(_ other: Instant?) -> Bool {
        switch (self, other) {
        case (nil, nil): true
        case (let left?, let right?): abs(left.duration(to: right).components.seconds) < 60
        default: false
        }
    }
}
