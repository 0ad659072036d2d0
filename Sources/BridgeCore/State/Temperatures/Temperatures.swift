public import HeatingModel

/// What every sensor shows, of the statuses and the fine readings that come in turn; see ``SensorTemperature``.
public struct Temperatures: Equatable, Sendable {
    /// Those that have a fine reading; all others show what the status says.
    private var sensors: [DeviceID: SensorTemperature]

    /// - Parameter remembered: What an earlier run showed last.
    public init(remembered: [DeviceID: FineTemperature] = [:]) {
        sensors = remembered.mapValues { SensorTemperature(coarse: nil, fine: $0) }
    }

    /// The fine readings that are in use.
    public var fine: [DeviceID: FineTemperature] { sensors.compactMapValues(\.fine) }

    /// A status as it is shown.
    ///
    /// - Parameter status: As the cloud told it.
    public mutating func shown(_ status: ControlSystemStatus) -> ControlSystemStatus {
        guard !sensors.isEmpty else { return status }
        return status.mapTemperatures { device, coarse in
            guard var sensor = sensors[device] else { return coarse }
            sensor.read(coarse: coarse)
            return keep(sensor, of: device)
        }
    }

    /// The same status after a round of fine readings.
    ///
    /// - Parameters:
    ///   - status: As it is shown.
    ///   - fine: In °C; none of a sensor that has none, nothing at all where the round failed.
    public mutating func shown(_ status: ControlSystemStatus, after fine: [DeviceID: Double]) -> ControlSystemStatus {
        guard !sensors.isEmpty || !fine.isEmpty else { return status }
        return status.mapTemperatures { device, shown in
            var sensor = sensors[device] ?? SensorTemperature(coarse: shown)
            sensor.read(fine: fine[device])
            return keep(sensor, of: device)
        }
    }

    private mutating func keep(_ sensor: SensorTemperature, of device: DeviceID) -> Double? {
        sensors[device] = sensor.fine == nil ? nil : sensor
        return sensor.shown
    }
}

extension ControlSystemStatus {
    fileprivate func mapTemperatures(_ change: (DeviceID, Double?) -> Double?) -> ControlSystemStatus {
        var status = self
        for index in status.zones.indices {
            status.zones[index].temperature = change(DeviceID(zones[index].id), zones[index].temperature)
        }
        if let hotWater {
            status.hotWater?.temperature = change(DeviceID(hotWater.id), hotWater.temperature)
        }
        return status
    }
}
