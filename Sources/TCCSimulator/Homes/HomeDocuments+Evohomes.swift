/// Homes with an evohome.
extension HomeDocuments {
    typealias Room = HomeBuilder.Room

    /// The default home.
    static var house: HomeDocuments {
        evohome(
            rooms: [
                Room(name: "Living Room", day: 21, night: 16.5),
                Room(name: "Kitchen", kind: "UnderfloorHeating", day: 19.5, night: 15.5),
                Room(name: "Hall", day: 18, night: 14),
                Room(name: "Bathroom", day: 22, night: 17),
                Room(name: "Main Bedroom", day: 18.5, night: 16),
                Room(name: "Study", day: 20.5, night: 15),
            ],
            firstID: 2_100_001,
            hasHotWater: true
        )
    }

    static var flat: HomeDocuments {
        var home = evohome(
            rooms: [
                Room(name: "Woonkamer", kind: "UnderfloorHeating", day: 20.5, night: 17),
                Room(name: "Slaapkamer", day: 17.5, night: 15),
                Room(name: "Badkamer", kind: "ElectricHeat", day: 22, night: 16),
            ],
            firstID: 2_200_001,
            hasHotWater: false
        )
        home.locations = home.locations.map { $0.inAmsterdam }
        return home
    }

    static var villa: HomeDocuments {
        evohome(
            rooms: [
                Room(name: "Living/Dining"), Room(name: "Kitchen +1", kind: "UnderfloorHeating"),
                Room(name: "#1 Bedroom"), Room(name: "Bedroom"), Room(name: "bedroom"),
                Room(name: "Salón Español", kind: "ZoneValves"), Room(name: "Küche", kind: "MixingValve"),
                Room(name: "Kids' Room"), Room(name: "  "), Room(name: "書斎", kind: "ElectricHeat"),
                Room(name: "Guest \"Suite\"", kind: "ZoneTemperatureControl"), Room(name: "Loft\u{9}🔥"),
            ],
            firstID: 2_300_001,
            hasHotWater: true
        )
    }

    /// A home whose status differs from its configuration.
    static var ghost: HomeDocuments {
        var home = evohome(rooms: [Room(name: "Main Room"), Room(name: "")], firstID: 2_400_001, hasHotWater: false)
        home.locations = home.locations.map { location in
            location.editingZones { zone in
                guard zone["name"] == "" else { return }
                zone["modelType"] = "Unknown"
                zone["zoneType"] = "Unknown"
            }
        }
        home.schedules["2400005"] = nil
        home.statuses["2400001"] = HomeBuilder.status(
            location: "2400001",
            gateway: "2400002",
            system: "2400003",
            zones: [
                HomeBuilder.zoneStatus("2400004", "Main Room", temperature: 19.5),
                HomeBuilder.zoneStatus("2400005", "", temperature: nil, target: 62, mode: "PermanentOverride"),
                HomeBuilder.zoneStatus("2400009", "Conservatory", temperature: 14),
            ]
        )
        return home
    }

    static var faulty: HomeDocuments {
        let names = ["Lounge", "Cellar", "Nursery", "Office", "Porch"]
        var home = evohome(rooms: names.map { Room(name: $0) }, firstID: 2_500_001, hasHotWater: true)
        home.statuses["2500001"] = HomeBuilder.status(
            location: "2500001",
            gateway: "2500002",
            system: "2500003",
            zones: [
                HomeBuilder.zoneStatus(
                    "2500004",
                    "Lounge",
                    temperature: 19.5,
                    target: 22,
                    mode: "TemporaryOverride",
                    until: "2024-01-05T21:00:00Z"
                ),
                HomeBuilder.zoneStatus(
                    "2500005",
                    "Cellar",
                    temperature: nil,
                    fault: "TempZoneSensorCommunicationLost"
                ),
                HomeBuilder.zoneStatus("2500006", "Nursery", temperature: 20, fault: "TempZoneSensorLowBattery"),
                HomeBuilder.zoneStatus(
                    "2500007",
                    "Office",
                    temperature: 16,
                    target: 12,
                    mode: "PermanentOverride",
                    fault: "TempZoneActuatorLowBattery"
                ),
                HomeBuilder.zoneStatus("2500008", "Porch", temperature: 9, fault: "TempZoneActuatorCommunicationLost"),
            ],
            hotWater: HomeBuilder.hotWaterStatus(
                "2500009",
                temperature: nil,
                state: "On",
                fault: "DHWSensorCommunicationLost"
            ),
            systemFault: "BoilerCommunicationLost"
        )
        return home
    }

    static var twoSystems: HomeDocuments {
        let gateways = [(2_600_002, "Downstairs"), (2_600_010, "Upstairs")].map { id, floor -> JSON in
            let rooms = ["Front Room", "Back Room"].enumerated().map { index, name in
                HomeBuilder.zone(id: "\(id + 2 + index)", Room(name: "\(name) \(floor)"))
            }
            return HomeBuilder.gateway(
                id: "\(id)",
                mac: "00D02D5A\(id % 10_000)",
                systems: [HomeBuilder.evohome(id: "\(id + 1)", zones: rooms)]
            )
        }
        let location = HomeBuilder.location(id: "2600001", name: "Big House", gateways: .array(gateways))
        var home = HomeDocuments(account: HomeBuilder.account, locations: [location])
        home.zoneSchedule = HomeBuilder.zoneSchedule(day: 20, night: 16)
        return home
    }

    static var twoLocations: HomeDocuments {
        var home = evohome(
            rooms: [Room(name: "Parlour"), Room(name: "Bedroom")],
            firstID: 2_700_001,
            hasHotWater: true
        )
        let summer = evohome(rooms: [Room(name: "Veranda")], firstID: 2_700_101, hasHotWater: false)
        home.locations += summer.locations.map { $0.inAmsterdam }
        home.schedules.merge(summer.schedules) { own, _ in own }
        return home
    }

    static var empty: HomeDocuments {
        let bare: JSON = [
            "gatewayInfo": ["gatewayId": "2800102", "mac": "00D02D5A2801", "crc": "1A2B", "isWiFi": true]
        ]
        return HomeDocuments(
            account: HomeBuilder.account,
            locations: [
                HomeBuilder.location(id: "2800001", name: "Building Site", gateways: []),
                HomeBuilder.location(id: "2800101", name: "Office", gateways: [bare]),
            ]
        )
    }

    /// One location with one evohome; ids are numbered from `firstID`.
    static func evohome(rooms: [Room], firstID: Int, hasHotWater: Bool) -> HomeDocuments {
        let ids = rooms.indices.map { "\(firstID + 3 + $0)" }
        let hotWaterID = hasHotWater ? "\(firstID + 3 + rooms.count)" : nil
        let system = HomeBuilder.evohome(
            id: "\(firstID + 2)",
            zones: zip(ids, rooms).map(HomeBuilder.zone),
            hotWaterID: hotWaterID
        )
        let location = HomeBuilder.location(
            id: "\(firstID)",
            name: "Home",
            gateways: [HomeBuilder.gateway(id: "\(firstID + 1)", mac: "00D02D5A11E0", systems: [system])]
        )
        var home = HomeDocuments(account: HomeBuilder.account, locations: [location])
        for (id, room) in zip(ids, rooms) {
            home.schedules[id] = HomeBuilder.zoneSchedule(day: room.day, night: room.night)
        }
        home.hotWaterSchedule = HomeBuilder.hotWaterSchedule
        return home
    }
}

extension JSON {
    /// A location moved to the Netherlands.
    fileprivate var inAmsterdam: JSON {
        guard var location = object, var info = location["locationInfo"]?.object else { return self }
        info["name"] = "Zomerhuis"
        info["city"] = "Amsterdam"
        info["country"] = "Netherlands"
        info["timeZone"] = [
            "timeZoneId": "WEuropeStandardTime",
            "displayName": "(UTC+01:00) Amsterdam, Berlijn, Bern, Rome, Stockholm, Wenen",
            "offsetMinutes": 60,
            "currentOffsetMinutes": 60,
            "supportsDaylightSaving": true,
        ]
        location["locationInfo"] = .object(info)
        return .object(location)
    }

    /// A location, gateway or system in which all zones are edited.
    fileprivate func editingZones(_ edit: (inout JSONObject) -> Void) -> JSON {
        guard var members = object else { return self }
        for key in ["gateways", "temperatureControlSystems"] {
            members[key] = members[key]?.array.map { .array($0.map { $0.editingZones(edit) }) }
        }
        members["zones"] = members["zones"]?.array.map { zones in
            .array(
                zones.map { zone in
                    guard var object = zone.object else { return zone }
                    edit(&object)
                    return .object(object)
                }
            )
        }
        return .object(members)
    }
}
