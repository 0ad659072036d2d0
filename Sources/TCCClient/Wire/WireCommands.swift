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
struct WireTaskReference: Decodable, Sendable {
    var id: WireIdentifier
}

/// `GET /commTasks?commTaskId={id}`; the key's spelling is the vendor's. Sometimes wrapped into a list.
struct WireCommunicationTask: Decodable, Sendable {
    var state: WireText<Vocabulary.TaskStates>
}

/// An answer that some versions of the cloud wrap into a list, and that may be empty.
struct WireOneOrList<Element: Decodable & Sendable>: Decodable, Sendable {
    var first: Element?

    init(from decoder: any Decoder) throws {
        if let list = try? WireList<Element>(from: decoder) {
            first = list.elements.first
        } else {
            first = try? Element(from: decoder)
        }
    }
}

/// An error: one alone, or in a list.
struct WireError: Decodable, Sendable {
    @Lenient var code: String?
    @Lenient var message: String?
}
