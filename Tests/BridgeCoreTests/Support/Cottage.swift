import Basics
import BridgeCore
import HeatingModel

/// A location with a kitchen and a hall, as often as a test wants it.
enum Cottage {
    static let kitchen: ZoneID = "4"
    static let hall: ZoneID = "5"
    static let system: ControlSystemID = "3"

    static func installation(locations count: Int = 1) -> Installation {
        Installation(accountID: "100", locations: (0..<count).map { location(number: $0 + 1) })
    }

    /// - Parameter number: The location's id. The ids of the first one's parts are those above.
    static func location(number: Int = 1) -> Location {
        Location(
            id: LocationID("\(number)"),
            name: "Cottage \(number)",
            timeZone: LocationTimeZone(windowsName: "GMTStandardTime", offsetMinutes: 0),
            systems: [
                ControlSystem(
                    id: systemID(number),
                    gatewayID: "2",
                    model: "evo_touch",
                    allowedModes: [],
                    zones: [zone(kitchen, number, "Kitchen"), zone(hall, number, "Hall")],
                    hotWater: nil
                )
            ]
        )
    }

    static func status(number: Int = 1, kitchen setpoint: Temperature = 18) -> LocationStatus {
        let zones = [(kitchen, setpoint), (hall, 16)].map { id, setpoint in
            ZoneStatus(
                id: zoneID(id, number),
                name: nil,
                temperature: 19.5,
                setpoint: setpoint,
                mode: .followSchedule,
                until: nil,
                faults: []
            )
        }
        let system = ControlSystemStatus(
            id: systemID(number),
            mode: .auto,
            isPermanent: true,
            until: nil,
            faults: [],
            zones: zones,
            hotWater: nil
        )
        return LocationStatus(id: LocationID("\(number)"), systems: [system])
    }

    static func target(_ zone: ZoneID, number: Int = 1) -> Target { .zone(zoneID(zone, number), in: systemID(number)) }

    private static func systemID(_ number: Int) -> ControlSystemID {
        number == 1 ? system : ControlSystemID("\(number)003")
    }

    private static func zoneID(_ id: ZoneID, _ number: Int) -> ZoneID {
        number == 1 ? id : ZoneID("\(number)00\(id.text)")
    }

    private static func zone(_ id: ZoneID, _ number: Int, _ name: String) -> Zone {
        Zone(
            id: zoneID(id, number),
            name: name,
            type: "radiator_zone",
            model: "heating_zone",
            setpoint: SetpointCapabilities(
                minimum: 5,
                maximum: 35,
                step: 0.5,
                allowedModes: [.followSchedule, .temporaryOverride, .permanentOverride],
                maximumDuration: 86_400,
                timingResolution: 600
            ),
            schedule: nil
        )
    }
}
