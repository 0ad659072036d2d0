public import HeatingModel

/// What every sensor shows, of the statuses and the fine readings that come in turn; see ``SensorTemperature``.
public struct Temperatures: Equatable, Sendable {
    /// Those that have a fine reading; all others show what the status says.
    private var sensors: [SensorID: SensorTemperature]

    /// - Parameter remembered: What an earlier run showed last.
    public init(remembered: [SensorID: FineTemperature] = [:]) {
        sensors = remembered.mapValues { SensorTemperature(coarse: nil, fine: $0) }
    }

    /// The fine readings that are in use.
    public var fine: [SensorID: FineTemperature] { sensors.compactMapValues(\.fine) }

    /// A status as it is shown.
    ///
    /// - Parameter status: As the cloud told it.
    public mutating func shown(_ status: ControlSystemStatus) -> ControlSystemStatus {
        guard !sensors.isEmpty else { return status }
        return status.mapTemperatures { id, coarse in
            guard var sensor = sensors[id] else { return coarse }
            sensor.read(coarse: coarse)
            return keep(sensor, of: id)
        }
    }

    /// The same status after a round of fine readings.
    ///
    /// - Parameters:
    ///   - status: As it is shown.
    ///   - fine: In °C; none of a sensor that has none, nothing at all where the round failed.
    public mutating func shown(_ status: ControlSystemStatus, after fine: [SensorID: Double]) -> ControlSystemStatus {
        guard !sensors.isEmpty || !fine.isEmpty else { return status }
        return status.mapTemperatures { id, shown in
            var sensor = sensors[id] ?? SensorTemperature(coarse: shown)
            sensor.read(fine: fine[id])
            return keep(sensor, of: id)
        }
    }

    private mutating func keep(_ sensor: SensorTemperature, of id: SensorID) -> Double? {
        sensors[id] = sensor.fine == nil ? nil : sensor
        return sensor.shown
    }
}

extension ControlSystemStatus {
    fileprivate func mapTemperatures(_ change: (SensorID, Double?) -> Double?) -> ControlSystemStatus {
        var status = self
        for index in status.zones.indices {
            status.zones[index].temperature = change(SensorID(zones[index].id), zones[index].temperature)
        }
        if let hotWater {
            status.hotWater?.temperature = change(SensorID(hotWater.id), hotWater.temperature)
        }
        return status
    }
}
