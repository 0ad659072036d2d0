import Basics
import BridgeCore
import HeatingModel
import TestBasics

/// A cottage with a kitchen and a hall.
enum Cottage {
    static let kitchen: ZoneID = "4"
    static let hall: ZoneID = "5"
    static let system: ControlSystemID = "3"
    static let kitchenTarget = Target.zone(kitchen, in: system)

    static func location(
        id: LocationID = "1",
        name: String = "Cottage",
        kitchen kitchenName: String = "Kitchen",
        hall hallName: String = "Hall"
    ) -> Location {
        Location(
            id: id,
            name: name,
            timeZone: LocationTimeZone(windowsName: "GMTStandardTime", offsetMinutes: 0),
            systems: [
                ControlSystem(
                    id: system,
                    gatewayID: "2",
                    model: "evo_touch",
                    allowedModes: [],
                    zones: [zone(kitchen, kitchenName), zone(hall, hallName)],
                    hotWater: nil
                )
            ]
        )
    }

    static func installation(_ location: Location = location()) -> Installation {
        Installation(accountID: "100", locations: [location])
    }

    static func status(kitchen setpoint: Temperature = 18) -> LocationStatus { status(zones: zones(kitchen: setpoint)) }

    static func status(zones: [ZoneStatus]) -> LocationStatus {
        let system = ControlSystemStatus(
            id: system,
            mode: .auto,
            isPermanent: true,
            until: nil,
            faults: [],
            zones: zones,
            hotWater: nil
        )
        return LocationStatus(id: "1", systems: [system])
    }

    static func zones(kitchen setpoint: Temperature = 18) -> [ZoneStatus] {
        [(kitchen, setpoint), (hall, 16)].map { id, setpoint in
            ZoneStatus(
                id: id,
                name: nil,
                temperature: 19.5,
                setpoint: setpoint,
                mode: .followSchedule,
                until: nil,
                faults: []
            )
        }
    }

    /// A setpoint from 07:00 on each day.
    static func schedule(_ setpoint: Temperature, days: [Weekday] = Weekday.allCases) -> Schedule<Temperature> {
        let seven = Switchpoint<Temperature>(time: "07:00", value: setpoint)
        return Schedule(days: Dictionary(uniqueKeysWithValues: days.map { ($0, [seven]) }))
    }

    private static func zone(_ id: ZoneID, _ name: String) -> Zone {
        Zone(
            id: id,
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
