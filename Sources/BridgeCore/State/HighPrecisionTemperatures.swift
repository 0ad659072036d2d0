public import HeatingModel

/// What every sensor shows, given statuses and high-precision temperatures that come in turn; see ``SensorTemperature``.
public struct HighPrecisionTemperatures: Equatable, Sendable {
    /// Those with a high-precision temperature; all others show what the status says.
    private var sensors: [SensorID: SensorTemperature]

    /// - Parameter remembered: What an earlier run showed last.
    public init(remembered: [SensorID: HighPrecisionTemperature] = [:]) {
        sensors = remembered.mapValues { SensorTemperature(coarse: nil, highPrecision: $0) }
    }

    /// The high-precision temperatures that are in use.
    public var highPrecision: [SensorID: HighPrecisionTemperature] { sensors.compactMapValues(\.highPrecision) }

    /// Takes in a status.
    ///
    /// - Parameter status: As the cloud sent it.
    /// - Returns: The status as it is shown.
    public mutating func merge(_ status: ControlSystemStatus) -> ControlSystemStatus {
        guard !sensors.isEmpty else { return status }
        return status.mapTemperatures { id, coarse in
            guard var sensor = sensors[id] else { return coarse }
            sensor.keep(coarse: coarse)
            return keep(sensor, of: id)
        }
    }

    /// Takes in a round of high-precision temperatures.
    ///
    /// - Parameters:
    ///   - readings: A sensor without a temperature is missing; after a failed round all are.
    ///   - status: As it is shown.
    /// - Returns: The status as it is shown from now on.
    public mutating func merge(
        _ readings: [SensorID: Temperature],
        into status: ControlSystemStatus
    ) -> ControlSystemStatus {
        guard !sensors.isEmpty || !readings.isEmpty else { return status }
        return status.mapTemperatures { id, shown in
            var sensor = sensors[id] ?? SensorTemperature(coarse: shown)
            sensor.keep(highPrecision: readings[id])
            return keep(sensor, of: id)
        }
    }

    private mutating func keep(_ sensor: SensorTemperature, of id: SensorID) -> Temperature? {
        sensors[id] = sensor.highPrecision == nil ? nil : sensor
        return sensor.shown
    }
}

extension ControlSystemStatus {
    fileprivate func mapTemperatures(_ transform: (SensorID, Temperature?) -> Temperature?) -> ControlSystemStatus {
        var status = self
        for index in status.zones.indices {
            status.zones[index].temperature = transform(SensorID(zones[index].id), zones[index].temperature)
        }
        if let hotWater {
            status.hotWater?.temperature = transform(SensorID(hotWater.id), hotWater.temperature)
        }
        return status
    }
}

/// A temperature to a hundredth of a degree, and the temperature in the status when it was first read.
public struct HighPrecisionTemperature: Codable, Equatable, Sendable {
    public var value: Temperature
    /// In half degrees.
    public var beside: Temperature

    public init(value: Temperature, beside: Temperature) {
        self.value = value
        self.beside = beside
    }
}

/// The two readings of one sensor, and which of them is shown.
///
/// The status has half degrees, rounded towards the setpoint (Home Assistant's documentation): a room at 19.47 °C reads
/// 19.5 while it is heated, and 19.0 once the setpoint is below. API v1 reads 19.47, and comes and goes. To keep the
/// value from jumping when nothing has changed in the room:
/// - The last high-precision temperature stays, even when no new one comes, until the coarse one moves. Then the coarse one
///   is shown, and the other forgotten.
/// - While high-precision temperatures arrive, a coarse one that moves by one step is not shown: the next high-precision
///   temperature is on its way and says how far the room has really moved.
/// - A high-precision temperature that does not change while the coarse one moves by more than one step is stale: a cloud in
///   trouble repeats old ones. It is not shown.
public struct SensorTemperature: Equatable, Sendable {
    /// The last temperature in a status; `nil` while the sensor is lost.
    public private(set) var coarse: Temperature?
    public private(set) var highPrecision: HighPrecisionTemperature?
    /// Whether the last round of high-precision temperatures included this sensor.
    private var isLive = false

    private static let step = 0.5

    public init(coarse: Temperature?, highPrecision: HighPrecisionTemperature? = nil) {
        self.coarse = coarse
        self.highPrecision = highPrecision
    }

    public var shown: Temperature? {
        guard let coarse, let highPrecision else { return coarse }
        return abs(coarse.celsius - highPrecision.beside.celsius) <= tolerance ? highPrecision.value : coarse
    }

    /// - Parameter reading: `nil` while the sensor is lost.
    public mutating func keep(coarse reading: Temperature?) {
        coarse = reading
        forgetOutdated()
    }

    /// - Parameter reading: `nil` if the last round did not include this sensor.
    public mutating func keep(highPrecision reading: Temperature?) {
        isLive = reading != nil
        if let reading, let coarse, reading != highPrecision?.value {
            highPrecision = HighPrecisionTemperature(value: reading, beside: coarse)
        }
        forgetOutdated()
    }

    private var tolerance: Double { isLive ? Self.step : 0 }

    private mutating func forgetOutdated() {
        // A live one is kept even when it is not shown, so that a stale one is recognised when it is repeated.
        if coarse == nil || (!isLive && shown == coarse) { highPrecision = nil }
    }
}
