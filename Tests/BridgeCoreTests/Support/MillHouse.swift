import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

/// A home of our own making: two zones, hot water, and a ghost.
enum MillHouse {
    static let systemID: ControlSystemID = "7003"
    static let gatewayID: GatewayID = "7002"
    static let kitchenID: ZoneID = "7011"
    static let atticID: ZoneID = "7012"
    static let ghostID: ZoneID = "7013"
    static let hotWaterID: HotWaterID = "7020"

    static let kitchenTarget = Target.zone(kitchenID, in: systemID)

    static let capabilities = SetpointCapabilities(
        minimum: 5,
        maximum: 30,
        step: 0.5,
        allowedModes: [.permanentOverride, .followSchedule, .temporaryOverride],
        maximumDuration: 86400,
        timingResolution: 600
    )

    static let kitchen = zone(kitchenID, name: "Kitchen")
    static let attic = zone(atticID, name: "Günther's room / attic")
    static let ghost = Zone(
        id: ghostID,
        name: "",
        type: "unknown",
        model: "unknown",
        setpoint: capabilities,
        schedule: nil
    )

    static func zone(_ id: ZoneID, name: String) -> Zone {
        Zone(
            id: id,
            name: name,
            type: "radiator_zone",
            model: "heating_zone",
            setpoint: capabilities,
            schedule: ScheduleCapabilities(
                minimumSwitchpointsPerDay: 1,
                maximumSwitchpointsPerDay: 6,
                timingResolution: 600,
                setpointStep: 0.5
            )
        )
    }

    static func location() throws -> Location {
        Location(
            id: "7001",
            name: "Mill House",
            timeZone: "Europe/London",
            systems: [
                ControlSystem(
                    id: systemID,
                    gatewayID: gatewayID,
                    model: "evo_touch",
                    allowedModes: [],
                    zones: [kitchen, attic, ghost],
                    hotWater: HotWater(
                        id: hotWaterID,
                        allowedModes: [.permanentOverride, .followSchedule, .temporaryOverride],
                        allowedStates: [.on, .off],
                        maximumDuration: 86400,
                        timingResolution: 600,
                        schedule: nil
                    )
                )
            ]
        )
    }

    static func installation() throws -> Installation {
        Installation(accountID: "7000", locations: [try location()])
    }

    static func layout() throws -> TopicLayout {
        TopicLayout(base: "evohome", naming: .name, installation: try installation())
    }

    /// As it is on a winter evening: the kitchen is overridden, the attic's sensor is lost.
    static func status() throws -> ControlSystemStatus {
        ControlSystemStatus(
            id: systemID,
            mode: .auto,
            isPermanent: true,
            until: nil,
            faults: [Fault(kind: .init(vendorText: "BoilerServiceRequired"), since: nil)],
            zones: [
                kitchenStatus(setpoint: 21.5, mode: .temporaryOverride, until: try moment("2026-11-24T19:00:00Z")),
                ZoneStatus(
                    id: atticID,
                    name: attic.name,
                    temperature: nil,
                    setpoint: 17,
                    mode: .followSchedule,
                    until: nil,
                    faults: [
                        Fault(
                            kind: .init(vendorText: "TempZoneSensorCommunicationLost"),
                            since: try moment("2026-11-23T15:56:01Z")
                        )
                    ]
                ),
                ZoneStatus(
                    id: ghostID,
                    name: "",
                    temperature: nil,
                    setpoint: 62,
                    mode: .permanentOverride,
                    until: nil,
                    faults: []
                ),
            ],
            hotWater: HotWaterStatus(
                id: hotWaterID,
                temperature: 48,
                state: .on,
                mode: .temporaryOverride,
                until: try moment("2026-11-24T20:00:00Z"),
                faults: []
            )
        )
    }

    static func status(kitchen: ZoneStatus) throws -> ControlSystemStatus {
        var status = try status()
        status.zones[0] = kitchen
        return status
    }

    static func kitchenStatus(setpoint: Temperature?, mode: SetpointMode?, until: Instant? = nil) -> ZoneStatus {
        ZoneStatus(
            id: kitchenID,
            name: "Kitchen",
            temperature: 19.47,
            setpoint: setpoint,
            mode: mode,
            until: until,
            faults: []
        )
    }

    /// 21 °C from seven, 16 °C from half past ten, each day.
    static func schedule() throws -> Schedule<Temperature> {
        let day: [Switchpoint<Temperature>] = [
            Switchpoint(time: "07:00", value: 21),
            Switchpoint(time: "22:30", value: 16),
        ]
        return Schedule(days: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, day) }))
    }

    /// As ``schedule()`` on all days but Saturday, when it is 20 °C from nine and 15 °C from half past eleven at night.
    static func scheduleWithSaturday() throws -> Schedule<Temperature> {
        var days = try schedule().days
        days[.saturday] = [Switchpoint(time: "09:00", value: 20), Switchpoint(time: "23:30", value: 15)]
        return Schedule(days: days)
    }

    /// On from half past six to half past eight and in the evening, each day.
    static func hotWaterSchedule() throws -> Schedule<HotWaterState> {
        let day = try [("06:30", HotWaterState.on), ("08:30", .off), ("18:00", .on), ("21:00", .off)].map {
            Switchpoint(time: try #require(TimeOfDay($0.0)), value: $0.1)
        }
        return Schedule(days: Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, day) }))
    }

    /// What an evohome controller takes.
    static let modes: [AllowedSystemMode] =
        [
            AllowedSystemMode(mode: .auto, canBePermanent: true, canBeTemporary: false),
            AllowedSystemMode(mode: .autoWithReset, canBePermanent: true, canBeTemporary: false),
            AllowedSystemMode(mode: .heatingOff, canBePermanent: true, canBeTemporary: false),
            AllowedSystemMode(
                mode: .autoWithEco,
                canBePermanent: true,
                canBeTemporary: true,
                maximumDuration: 86400,
                timing: .duration
            ),
        ]
        + [SystemMode.away, .dayOff, .custom].map {
            AllowedSystemMode(
                mode: $0,
                canBePermanent: true,
                canBeTemporary: true,
                maximumDuration: 99 * 86400,
                timing: .period
            )
        }

    static func site(
        mode: SystemMode = .auto,
        isFresh: Bool = true,
        kitchen change: (inout SetpointCapabilities) -> Void = { _ in }
    ) throws -> Site {
        var status = try status()
        status.mode = mode
        var location = try location()
        change(&location.systems[0].zones[0].setpoint)
        var schedules = KnownSchedules()
        schedules.keep(try schedule(), of: kitchenID, at: try moment("2026-11-24T03:00:00Z"))
        return Site(
            location: location,
            system: location.systems[0],
            status: status,
            isFresh: isFresh,
            schedules: schedules,
            changes: try changes()
        )
    }

    /// The kitchen was overridden at the controller; of the rest nobody knows.
    private static func changes() throws -> KnownChanges {
        var changes = KnownChanges()
        let statuses = [
            try status(kitchen: kitchenStatus(setpoint: 21, mode: .followSchedule)), try status(),
        ]
        for status in statuses {
            _ = changes.apply(
                status,
                schedules: KnownSchedules(),
                at: try moment("2026-11-24T17:03:00Z"),
                uptime: .start
            )
        }
        return changes
    }
}

extension KnownSchedules {
    /// Knows of one zone.
    init(_ schedule: KnownSchedule<Temperature>, of zone: ZoneID) throws {
        self.init()
        let read = try moment("2026-11-24T03:00:00Z")
        switch schedule {
        case .unread: break
        case .absent: keep(nil, of: zone, at: read)
        case .known(let schedule): keep(schedule, of: zone, at: read)
        }
    }
}

extension CommandParser {
    /// Reads a message as the bridge does, which knows its topic already.
    func parse(_ message: IncomingMessage) throws -> Command {
        try parse(message, on: try #require(CommandTopic(message.topic)), id: 1, received: .start)
    }

    func parse(_ payload: String, on topic: String) throws -> Command {
        try parse(IncomingMessage(topic: topic, payload: Array(payload.utf8)))
    }
}

/// The moment that a text names; a test that misspells one fails.
func moment(_ text: String) throws -> Instant {
    try #require(Instant(text))
}
