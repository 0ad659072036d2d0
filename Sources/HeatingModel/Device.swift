/// What has a temperature: a zone, or hot water. The older API calls both devices, and numbers them in one row; a device's
/// id is that of the zone or of the hot water (evohome-async fixtures).
public enum Device {}

public typealias DeviceID = Identifier<Device>

extension Zone {
    public static func device(_ id: ZoneID) -> DeviceID { DeviceID(id.text) }
}

extension HotWater {
    public static func device(_ id: HotWaterID) -> DeviceID { DeviceID(id.text) }
}
