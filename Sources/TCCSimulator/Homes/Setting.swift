import Foundation

/// What a zone or the hot water is set to, beside its schedule.
struct Setting<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The vendor's name; one that nobody has seen is served as it was captured.
    var mode: String
    /// What an override holds; for `FollowSchedule` the last value known, shown where there is no schedule.
    var value: Value
    /// The end of an override that has one.
    var until: Date?

    var followsSchedule: Bool { mode == OverrideMode.followSchedule.rawValue }

    /// Back to the schedule when the end has passed.
    mutating func expire(at now: Date) {
        guard let until, until <= now else { return }
        followSchedule()
    }

    mutating func followSchedule() {
        mode = OverrideMode.followSchedule.rawValue
        until = nil
    }
}

/// The modes of zones and hot water that this API takes, with the numbers that older clients send for them.
enum OverrideMode: String, CaseIterable {
    case followSchedule = "FollowSchedule"
    case permanentOverride = "PermanentOverride"
    case temporaryOverride = "TemporaryOverride"
    case vacationHold = "VacationHold"
}

/// A fault that is shown as active.
struct ActiveFault: Sendable, Hashable {
    var type: String
    /// The location's wall clock, kept as text: gateways give seven digits of a second, zones none.
    var since: String
    /// What a capture holds beside these two.
    var document: JSONObject

    init(type: String, since: String) {
        (self.type, self.since) = (type, since)
        document = ["faultType": .string(type), "since": .string(since)]
    }

    init?(_ json: JSON) {
        guard let document = json.object, let type = document["faultType"]?.string else { return nil }
        self.type = type
        since = document["since"]?.string ?? ""
        self.document = document
    }
}
