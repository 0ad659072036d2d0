import HeatingModel

/// `PUT /temperatureZone/{id}/heatSetpoint`.
struct WireHeatSetpoint: Encodable, Sendable {
    var setpointMode: String
    var heatSetpointValue: Temperature?
    /// UTC with `Z`, to the second.
    var timeUntil: String?
}

/// `PUT /domesticHotWater/{id}/state`; the end is called `untilTime` here.
struct WireHotWaterState: Encodable, Sendable {
    var mode: String
    var state: String?
    /// UTC with `Z`, to the second.
    var untilTime: String?
}

/// `PUT /temperatureControlSystem/{id}/mode`.
struct WireSystemMode: Encodable, Sendable {
    var systemMode: String
    var permanent: Bool
    /// UTC with `Z`, to the second.
    var timeUntil: String?
}

/// What every change is answered with; some answers wrap it into a list.
struct WireTaskReference: Decodable, Sendable {
    var id: WireIdentifier
}

/// `GET /commTasks?commTaskId={id}`; the key's spelling is the vendor's. Some answers wrap it into a list.
struct WireCommunicationTask: Decodable, Sendable {
    var state: String
}

/// What errors look like: a list of these, or one alone.
struct WireError: Decodable, Sendable {
    @Lenient var code: String?
    @Lenient var message: String?
}
