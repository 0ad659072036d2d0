import Basics
import BridgeCore
import Foundation
import HeatingModel

@testable import TCCClient

/// A house as the bridge knows it, read from small answers of the cloud, and everything that it is shown as.
struct House: Sendable {
    let known: Installation
    let site: Site
    let layout: TopicLayout
    /// One for each form of command.
    let commandTopics: [String]

    private static let now = Instant(millisecondsSince1970: 1_795_500_000_000)

    init() {
        func decoded<Value: WireReadable>(_ text: String, as type: Value.Type) -> Value {
            guard let value = HTTPAnswer(status: 200, body: text.utf8).decoded(as: type) else {
                preconditionFailure("The house cannot be read as \(type)")
            }
            return value
        }
        let locations = decoded(Self.installation, as: [WireLocation].self).map(
            Location.init
        )
        known = Installation(accountID: "1", locations: locations)
        let status = LocationStatus(
            decoded(Self.status, as: WireLocationStatus.self),
            in: locations[0].timeZone
        )
        var schedules = KnownSchedules()
        let schedule = decoded(Self.schedule, as: WireSchedule<WireZoneSwitchpoint>.self).schedule
        schedules.keep(schedule, of: locations[0].systems[0].zones[0].id, at: Self.now)
        site = Site(
            location: locations[0],
            system: locations[0].systems[0],
            status: status.systems.first,
            isFresh: true,
            schedules: schedules
        )
        layout = TopicLayout(base: "evohome", naming: .name, installation: known)
        let (zone, water, system) = (
            "evohome/home/zone/kitchen", "evohome/home/hot_water", "evohome/home/system"
        )
        commandTopics = [
            "\(zone)/set", "\(zone)/set/setpoint", "\(zone)/set/mode", "\(water)/set",
            "\(water)/set/state",
            "\(system)/set", "\(system)/set/mode", "\(zone)/schedule/set", "\(water)/schedule/set",
            "evohome/home/zones/set",
        ]
    }

    /// Whatever the cloud says, what is published can be read, and has a topic that takes it.
    func canShow(_ installation: Installation, status: LocationStatus?) {
        let layout = TopicLayout(base: "evohome", naming: .name, installation: installation)
        let discovery = HomeAssistantDiscovery(
            prefix: "homeassistant",
            bridge: layout.bridge,
            version: "1"
        )
        for location in installation.locations {
            for system in location.systems {
                let site = Site(
                    location: location,
                    system: system,
                    status: (status ?? LocationStatus(id: location.id, systems: [])).systems.first {
                        $0.id == system.id
                    },
                    isFresh: true,
                    schedules: self.site.schedules
                )
                var messages = site.messages(in: layout, output: .both, at: Self.now)
                messages += site.scheduleMessages(in: layout)
                if let devices = SiteDevices(site) {
                    messages += discovery.messages(for: devices, of: "1", in: layout)
                }
                for message in messages { check(message) }
                _ = site.nextSwitchpoint(after: Self.now)
            }
        }
    }

    func canShow(_ schedule: Schedule<Temperature>) {
        var site = site
        site.schedules.keep(schedule, of: site.system.zones[0].id, at: Self.now)
        for message in site.messages(in: layout, output: .both, at: Self.now) { check(message) }
        for message in site.scheduleMessages(in: layout) { check(message) }
        _ = site.nextSwitchpoint(after: Self.now)
    }

    private func check(_ message: Publication) {
        let isTopic = message.topic.unicodeScalars.allSatisfy { scalar in
            scalar != "+" && scalar != "#" && scalar.value >= 0x20
                && !(0x7F...0x9F).contains(scalar.value)
        }
        FuzzTarget.require(
            isTopic && message.topic.utf8.count <= 65_535,
            "A topic that no broker takes"
        )
        if message.payload.hasPrefix("{") {
            let isJSON = (try? JSONValue(parsing: Array(message.payload.utf8))) != nil
            FuzzTarget.require(isJSON, "A message that cannot be read: \(message.payload)")
        }
    }
}

// MARK: - What the cloud says of it

extension House {
    static let installation = """
        [{"locationInfo":{"locationId":"1","name":"Home","timeZone":{"timeZoneId":"GMTStandardTime",\
        "offsetMinutes":0}},"gateways":[{"gatewayInfo":{"gatewayId":"2","mac":"00D0"},"temperatureControlSystems":\
        [{"systemId":"3","modelType":"EvoTouch","zones":[{"zoneId":"4","name":"Kitchen","zoneType":"RadiatorZone",\
        "modelType":"HeatingZone","setpointCapabilities":{"maxHeatSetpoint":35.0,"minHeatSetpoint":5.0,\
        "valueResolution":0.5,"canControlHeat":true,"allowedSetpointModes":["PermanentOverride","FollowSchedule",\
        "TemporaryOverride"],"maxDuration":"1.00:00:00","timingResolution":"00:10:00"},"scheduleCapabilities":\
        {"maxSwitchpointsPerDay":6,"minSwitchpointsPerDay":1,"timingResolution":"00:10:00"}}],"dhw":{"dhwId":"5",\
        "dhwStateCapabilitiesResponse":{"allowedStates":["On","Off"],"allowedModes":["FollowSchedule",\
        "PermanentOverride","TemporaryOverride"],"maxDuration":"1.00:00:00","timingResolution":"00:10:00"}},\
        "allowedSystemModes":[{"systemMode":"Auto","canBePermanent":true},{"systemMode":"Away","canBePermanent":true,\
        "canBeTemporary":true,"maxDuration":"99.00:00:00","timingResolution":"1.00:00:00","timingMode":"Period"},\
        {"systemMode":"HeatingOff","canBePermanent":true}]}]}]}]
        """

    static let status = """
        {"locationId":"1","gateways":[{"gatewayId":"2","activeFaults":[],"temperatureControlSystems":[{"systemId":"3",\
        "zones":[{"zoneId":"4","name":"Kitchen","temperatureStatus":{"temperature":19.5,"isAvailable":true},\
        "activeFaults":[{"faultType":"TempZoneActuatorLowBattery","since":"2026-11-20T10:00:00"}],"setpointStatus":\
        {"targetHeatTemperature":18.0,"setpointMode":"TemporaryOverride","until":"2026-11-28T22:00:00Z"}}],"dhw":\
        {"dhwId":"5","temperatureStatus":{"temperature":50.0,"isAvailable":true},"stateStatus":{"state":"On",\
        "mode":"FollowSchedule"},"activeFaults":[]},"activeFaults":[],"systemModeStatus":{"mode":"Auto",\
        "isPermanent":true}}]}]}
        """

    static let schedule = """
        {"dailySchedules":[{"dayOfWeek":"Monday","switchpoints":[{"heatSetpoint":18.0,"timeOfDay":"07:00:00"},\
        {"heatSetpoint":15.0,"timeOfDay":"22:00:00"}]},{"dayOfWeek":"Sunday","switchpoints":[]}]}
        """

    static let stateFile = """
        {"version":1,"accounts":{"a":{"tokens":{"refresh":{"value":"r","obtained":"2026-11-28T10:00:00Z"},"access":\
        {"value":"a","expires":"2026-11-28T10:30:00Z"},"logins":{"logins":["2026-11-28T10:00:00Z"]}}}},\
        "bridges":{"evohome":{"clientID":"evohome-mqtt-1","broker":"localhost:1883"}}}
        """
}
