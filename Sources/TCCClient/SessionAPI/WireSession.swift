import HeatingModel

/// `POST /Session`.
struct WireLogin: Encodable, Sendable {
    var applicationId: String
    var username: String
    var password: String
}

/// What a login is answered with, of which the rest is about the person.
struct WireSession: Decodable, Sendable {
    struct User: Decodable, Sendable {
        var userID: WireIdentifier
    }

    var sessionId: String
    var userInfo: User
}

/// `GET /locations`: one of the list.
struct WireV1Location: Decodable, Sendable {
    @Lenient var devices: WireList<WireDevice>?
}

/// A zone or hot water.
struct WireDevice: Decodable, Sendable {
    struct Thermostat: Decodable, Sendable {
        @Lenient var units: String?
        @Lenient var indoorTemperature: Double?
        /// `Measured`, `NotAvailable`, `SensorError`, `SensorFault`; others may exist.
        @Lenient var indoorTemperatureStatus: String?
    }

    var deviceID: WireIdentifier
    @Lenient var thermostat: Thermostat?
    @Lenient var isAlive: Bool?
}

extension WireDevice {
    /// In °C; `nil` for what is no measurement of now. 128 is the vendor's way of saying that there is none.
    var temperature: Temperature? {
        guard isAlive != false, let thermostat, let temperature = thermostat.indoorTemperature, temperature < 128,
            thermostat.indoorTemperatureStatus ?? "Measured" == "Measured", thermostat.units ?? "Celsius" == "Celsius"
        else { return nil }
        return Temperature(celsius: temperature)
    }
}

extension [SensorID: Temperature] {
    init(_ locations: [WireV1Location]) {
        self.init()
        for device in locations.flatMap({ $0.devices?.elements ?? [] }) {
            self[SensorID(device.deviceID.text)] = device.temperature
        }
    }
}
