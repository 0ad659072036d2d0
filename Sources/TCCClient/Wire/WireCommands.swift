import Basics
import HeatingModel

/// `PUT /temperatureZone/{id}/heatSetpoint`.
struct WireHeatSetpoint: Encodable, Sendable {
    private let setpointMode: String
    private let heatSetpointValue: Temperature?
    /// UTC with `Z`, to the second.
    private let timeUntil: String?

    init(_ override: ZoneOverride) {
        setpointMode = override.mode.vendorText
        heatSetpointValue = override.value
        timeUntil = override.until?.description
    }
}

/// `PUT /domesticHotWater/{id}/state`; the end is called `untilTime` here.
struct WireHotWaterState: Encodable, Sendable {
    private let mode: String
    private let state: String?
    /// UTC with `Z`, to the second.
    private let untilTime: String?

    init(_ override: HotWaterOverride) {
        mode = override.mode.vendorText
        state = override.value?.vendorText
        untilTime = override.until?.description
    }
}

/// `PUT /temperatureControlSystem/{id}/mode`.
struct WireSystemMode: Encodable, Sendable {
    private let systemMode: String
    private let permanent: Bool
    /// UTC with `Z`, to the second.
    private let timeUntil: String?

    init(_ mode: SystemMode, until: Instant?) {
        systemMode = mode.vendorText
        permanent = until == nil
        timeUntil = until?.description
    }
}

/// The answer to every PUT; sometimes wrapped into a list.
struct WireTaskReference: WireObject, Sendable {
    let id: WireIdentifier

    init(_ members: WireMembers) throws(WireProblem) {
        id = try members.required("id")
    }
}

/// `GET /commTasks?commTaskId={id}`; the key's spelling is the vendor's. Sometimes wrapped into a list.
struct WireCommunicationTask: WireObject, Sendable {
    let state: WireText<Vocabulary.TaskStates>

    init(_ members: WireMembers) throws(WireProblem) {
        state = try members.required("state")
    }
}

/// An answer that some versions of the cloud wrap into a list, and that may be empty.
struct WireOneOrList<Element: WireReadable & Sendable>: WireReadable, Sendable {
    let first: Element?

    init(_ wire: WireValue) throws(WireProblem) {
        first = if let list = try? [Element](wire) { list.first } else { try? Element(wire) }
    }
}

/// An error: one alone, or in a list.
struct WireError: WireObject, Sendable {
    let code: String?
    let message: String?

    init(_ members: WireMembers) throws(WireProblem) {
        code = members.optional("code")
        message = members.optional("message")
    }
}
