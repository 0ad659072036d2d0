/// What measures a temperature: of a zone, or of hot water. The older API calls both devices, and numbers them in one row;
/// a device's id is that of the zone or of the hot water (evohome-async fixtures).
public enum Sensor {}

public typealias SensorID = Identifier<Sensor>

extension Identifier where Kind == Sensor {
    public init(_ zone: ZoneID) {
        self.init(zone.text)
    }

    public init(_ hotWater: HotWaterID) {
        self.init(hotWater.text)
    }
}
