/// What has a temperature: a zone, or hot water. The older API calls both devices, and numbers them in one row; a device's
/// id is that of the zone or of the hot water (evohome-async fixtures).
public enum Device {}

public typealias DeviceID = Identifier<Device>

extension Identifier where Kind == Device {
    public init(_ zone: ZoneID) {
        self.init(zone.text)
    }

    public init(_ hotWater: HotWaterID) {
        self.init(hotWater.text)
    }
}
