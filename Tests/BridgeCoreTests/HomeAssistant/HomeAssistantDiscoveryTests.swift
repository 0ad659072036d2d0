import BridgeCore
import Foundation
import HeatingModel
import Testing

@Suite("Documents for Home Assistant")
struct HomeAssistantDiscoveryTests {
    /// Set `UPDATE_GOLDEN` to write the file anew; look at the difference before committing it.
    @Test("Documents are as their golden file")
    func golden() throws {
        let announced = try Announced(MillHouse.announcedSite())
        let text = try announced.messages.map { try Self.lines(of: $0) }.joined(separator: "\n")
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Golden/mill_house.devices.txt"
        )
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    /// A document over several lines: one for each of its keys, and for each component.
    private static func lines(of message: Publication) throws -> String {
        guard case .object(let members) = try JSONValue(parsing: message.payload.utf8) else { return "" }
        let lines = members.flatMap { member -> [String] in
            guard member.key == "components", case .object(let components) = member.value else {
                return ["  \(member.key) \(member.value.text)"]
            }
            return components.map { "  component \($0.key) \($0.value.text)" }
        }
        return ([message.topic] + lines).map { $0 + "\n" }.joined()
    }

    @Test("A document has no key that 2025.4 would refuse it for")
    func keys() throws {
        let announced = try Announced(MillHouse.announcedSite())
        for id in announced.ids {
            let document = try announced.document(id)
            #expect(
                Self.keys(document).isSubset(of: [
                    "device", "origin", "availability", "availability_mode", "components",
                ])
            )
            let device = try #require(document["device"])
            #expect(
                Self.keys(device).isSubset(of: [
                    "identifiers", "name", "manufacturer", "model", "serial_number", "sw_version", "suggested_area",
                    "configuration_url", "via_device",
                ])
            )
            #expect(document["availability_mode"] == "all")
        }
    }

    @Test("Each entity has an id of its own, and loses no command to a bridge that is away")
    func components() throws {
        let components = try Announced(MillHouse.announcedSite()).components()
        let ids = components.compactMap { $0["unique_id"] }
        #expect(ids.count == components.count)
        #expect(Set(ids.map(\.text)).count == ids.count)
        #expect(components.allSatisfy { $0["qos"] == 1 })
    }

    @Test("Devices that others refer to come first, and ghosts never")
    func references() throws {
        let announced = try Announced(MillHouse.announcedSite())
        #expect(
            announced.ids == [
                "evohome_bridge_7000", "evohome_system_7003", "evohome_hot_water_7020", "evohome_zone_7011",
                "evohome_zone_7012",
            ]
        )
        var parents = [String]()
        for id in announced.ids {
            guard case .string(let parent)? = try announced.document(id)["device"]?["via_device"] else { continue }
            parents.append(parent)
        }
        #expect(parents == ["evohome_bridge_7000"] + Array(repeating: "evohome_system_7003", count: 3))
    }

    @Test("A zone that is renamed stays what it is, in another place")
    func renamed() throws {
        let before = try Announced(MillHouse.announcedSite())
        var site = try MillHouse.announcedSite()
        site.system.zones[0].name = "Scullery"
        site.location.systems = [site.system]
        let after = try Announced(site)
        let id = "evohome_zone_7011"
        #expect(before.ids == after.ids)
        #expect(try after.document(id)["device"]?["name"] == "Scullery")
        let entities = (try before.component("climate", of: id), try after.component("climate", of: id))
        #expect(entities.0["unique_id"] == entities.1["unique_id"])
        #expect(entities.0["~"] == "evohome/mill_house/zone/kitchen")
        #expect(entities.1["~"] == "evohome/mill_house/zone/scullery")
    }

    @Test("One number can be a zone's and a system's id")
    func sharedID() throws {
        var site = try MillHouse.announcedSite()
        site.system.zones = [MillHouse.zone(ZoneID(MillHouse.systemID.text), name: "THERMOSTAT")]
        site.status?.zones = []
        site.location.systems = [site.system]
        let ids = try Announced(site).ids
        #expect(
            ids.suffix(2) == ["evohome_hot_water_7020", "evohome_zone_7003"] && ids.contains("evohome_system_7003")
        )
    }

    @Test("Entity ids are made of names, which Home Assistant writes in Latin letters, or else of ids")
    func names() throws {
        var site = try MillHouse.announcedSite()
        let attic = try Announced(site).component("setpoint", of: "evohome_zone_7012")
        #expect(attic["object_id"] == "günther_s_room___attic_setpoint")
        #expect(attic["default_entity_id"] == "sensor.günther_s_room___attic_setpoint")
        site.system.zones[1].name = "🔥!"
        site.location.systems = [site.system]
        let announced = try Announced(site)
        #expect(
            try announced.component("setpoint", of: "evohome_zone_7012")["object_id"] == "evohome_zone_7012_setpoint"
        )
        #expect(try announced.component("setpoint", of: "evohome_zone_7011")["object_id"] == "kitchen_setpoint")
        #expect(
            try announced.component("setpoint", of: "evohome_zone_7011")["default_entity_id"]
                == "sensor.kitchen_setpoint"
        )
        #expect(try announced.component("climate", of: "evohome_zone_7011")["object_id"] == "kitchen")
        #expect(try announced.component("climate", of: "evohome_zone_7011")["name"] == .null)
    }

    @Test("Zones of one name are numbered alike in all entity ids")
    func doubles() throws {
        var site = try MillHouse.announcedSite()
        site.system.zones[1].name = "KITCHEN"
        site.location.systems = [site.system]
        let announced = try Announced(site)
        #expect(try announced.component("climate", of: "evohome_zone_7012")["object_id"] == "kitchen_2")
        #expect(try announced.component("setpoint", of: "evohome_zone_7012")["object_id"] == "kitchen_2_setpoint")
    }

    @Test("A blank name is replaced, since Home Assistant would have none")
    func blank() throws {
        var site = try MillHouse.announcedSite()
        site.system.zones[0].name = " \t"
        site.location.systems = [site.system]
        #expect(try Announced(site).document("evohome_zone_7011")["device"]?["name"] == "Zone 7011")
    }

    @Test(
        "Every device has a model in words, also one that nobody has seen",
        arguments: [
            ("underfloor_heating", "Underfloor heating"), ("radiator_zone", "Radiator zone"),
            ("heat_pump_9", "Heat pump 9"), ("", "Zone"), (nil, "Zone"),
        ] as [(String?, String)]
    )
    func models(type: String?, model: String) throws {
        var site = try MillHouse.announcedSite()
        site.system.zones[0].type = type
        site.location.systems = [site.system]
        let announced = try Announced(site)
        #expect(try announced.document("evohome_zone_7011")["device"]?["model"] == .string(model))
        #expect(try announced.document("evohome_system_7003")["device"]?["model"] == "evohome")
        #expect(try announced.document("evohome_hot_water_7020")["device"]?["model"] == "Domestic hot water")
    }

    @Test("Who changed it is one of a few words, or unknown, also with a state of an older version")
    func changedBy() throws {
        let announced = try Announced(MillHouse.announcedSite())
        for id in announced.ids.dropFirst() {
            let component = try announced.component("changed_by", of: id)
            #expect(component["options"] == ["bridge", "share", "schedule", "system", "elsewhere"])
            #expect(component["value_template"] == "{{ (value_json.get('changed') or {}).get('by') }}")
        }
    }

    @Test(
        "Every device leads to its part of the page, as far as there is a way to it",
        arguments: [
            (nil, [nil, "https://international.mytotalconnectcomfort.com", nil, nil, nil]),
            (
                PageAddress(url: "http://192.168.1.5:8080"),
                ["#bridge", "", "#schedules/mill_house/hot_water", "#schedules/mill_house/zone/kitchen"]
                    .map { "http://192.168.1.5:8080/" + $0 }
                    + ["http://192.168.1.5:8080/#schedules/mill_house/zone/g%C3%BCnther_s_room___attic"]
            ),
            (PageAddress(url: "https://h/x/"), ["https://h/x/#bridge", "https://h/x/"]),
            (PageAddress(panel: "local_evohome"), Array(repeating: "homeassistant://local_evohome", count: 5)),
        ] as [(PageAddress?, [String?])]
    )
    func page(page: PageAddress?, links: [String?]) throws {
        for base in ["evohome", "heating/upstairs"] {
            let announced = try Announced(MillHouse.announcedSite(), base: base, page: page)
            let shown = try announced.ids.map { try announced.document($0)["device"]?["configuration_url"] }
            #expect(Array(shown.prefix(links.count)) == links.map { $0.map(JSONValue.string) })
        }
    }

    @Test("Two bridges with one account have different ids")
    func bridges() throws {
        let ids = try Announced(MillHouse.announcedSite(), base: "heating/upstairs").ids
        #expect(ids.first == "evohome_bridge_7000_heating_upstairs")
    }

    @Test(
        "Its birth message is expected under its prefix and at the default topic",
        arguments: [
            ("homeassistant", ["homeassistant/status"]), ("ha/devices", ["homeassistant/status", "ha/devices/status"]),
        ]
    )
    func birth(prefix: String, topics: [String]) {
        let discovery = HomeAssistantDiscovery(prefix: prefix, bridge: BridgeTopics(base: "evohome"), version: "1")
        #expect(discovery.birthTopics == topics)
    }

    private static func keys(_ value: JSONValue) -> Set<String> {
        guard case .object(let members) = value else { return [] }
        return Set(members.map(\.key))
    }
}
