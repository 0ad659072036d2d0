/// `PUT /temperatureZone/{id}/heatSetpoint`.
struct WireHeatSetpoint: Encodable, Sendable {
    var setpointMode: String
    var heatSetpointValue: Double?
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
