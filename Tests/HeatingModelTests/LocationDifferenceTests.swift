import Basics
import HeatingModel
import TestBasics
import Testing

@Suite("Differences between a status and the installation")
struct LocationDifferenceTests {
    private static let utc = LocationTimeZone(windowsName: "UTC", offsetMinutes: 0)

    private func location(zones: [(ZoneID, String)], hotWater: HotWaterID? = "9", system: ControlSystemID = "3")
        -> Location
    {
        let all = zones.map { id, name in
            Zone(
                id: id,
                name: name,
                type: nil,
                model: nil,
                setpoint: SetpointCapabilities(
                    minimum: nil,
                    maximum: nil,
                    step: nil,
                    allowedModes: [],
                    maximumDuration: nil,
                    timingResolution: nil
                ),
                schedule: nil
            )
        }
        let tank = hotWater.map { id in
            HotWater(
                id: id,
                allowedModes: [],
                allowedStates: [],
                maximumDuration: nil,
                timingResolution: nil,
                schedule: nil
            )
        }
        let system = ControlSystem(
            id: system,
            gatewayID: "2",
            model: nil,
            allowedModes: [],
            zones: all,
            hotWater: tank
        )
        return Location(id: "1", name: "House", timeZone: Self.utc, systems: [system])
    }

    private func status(zones: [(ZoneID, String?)], hotWater: HotWaterID? = "9") -> LocationStatus {
        let all = zones.map { id, name in
            ZoneStatus(id: id, name: name, temperature: nil, setpoint: nil, mode: nil, until: nil, faults: [])
        }
        let tank = hotWater.map { id in
            HotWaterStatus(id: id, temperature: nil, state: nil, mode: nil, until: nil, faults: [])
        }
        let system = ControlSystemStatus(
            id: "3",
            mode: nil,
            isPermanent: nil,
            until: nil,
            faults: [],
            zones: all,
            hotWater: tank
        )
        return LocationStatus(id: "1", systems: [system])
    }

    @Test("None if both agree; a missing name is not another name")
    func same() {
        let location = location(zones: [("4", "Kitchen"), ("5", "Hall")])
        #expect(location.differences(from: status(zones: [("5", nil), ("4", "Kitchen")])).isEmpty)
    }

    @Test("Zones that appear, disappear or are renamed are reported one by one")
    func zones() {
        let differences = location(zones: [("4", "Kitchen"), ("5", "Hall")])
            .differences(from: status(zones: [("4", "Galley"), ("6", "Attic")]))
        #expect(differences == [.zoneRenamed("4", to: "Galley"), .zoneAppeared("6"), .zoneDisappeared("5")])
    }

    @Test("So is hot water that was paired again")
    func hotWater() {
        let differences = location(zones: []).differences(from: status(zones: [], hotWater: "10"))
        #expect(differences == [.hotWaterDisappeared("9"), .hotWaterAppeared("10")])
    }

    @Test("Another system is reported without its zones")
    func systems() {
        let differences = location(zones: [("4", "Kitchen")], system: "8").differences(from: status(zones: []))
        #expect(differences == [.systemDisappeared("8"), .systemAppeared("3")])
    }
}
