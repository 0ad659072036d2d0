import BridgeCore
import Foundation
import HeatingModel
import Testing

@Suite("What a bridge leaves at its broker")
struct TopicInventoryTests {
    private let discovery = HomeAssistantDiscovery(
        prefix: "homeassistant",
        bridge: BridgeTopics(base: "evohome"),
        version: "1"
    )

    private func inventory(
        output: StateOutput = .both,
        schedules: Bool = true,
        discovery: HomeAssistantDiscovery? = nil,
        components: ComponentDiscovery? = nil,
        _ change: (inout Installation) -> Void = { _ in }
    ) throws -> TopicInventory {
        var installation = try MillHouse.installation()
        change(&installation)
        return TopicInventory(
            installation,
            in: TopicLayout(base: "evohome", naming: .name, installation: installation),
            features: TopicInventory.Features(output: output, schedules: schedules),
            discovery: discovery,
            components: components
        )
    }

    @Test("It names every topic that a site has, and no site topic beside", arguments: StateOutput.allCases)
    func complete(output: StateOutput) throws {
        let site = try MillHouse.site()
        let layout = try MillHouse.layout()
        let told =
            site.messages(in: layout, output: output, at: try moment("2026-11-24T17:30:00Z"))
            + site.scheduleMessages(in: layout)
        let bridge = ["state", "cloud", "info", "stats"].map { "evohome/bridge/\($0)" }
        let schedules = ["zone/kitchen", "zone/günther_s_room___attic", "hot_water"].map {
            "evohome/mill_house/\($0)/schedule"
        }
        #expect(try Set(inventory(output: output).all) == Set(told.map(\.topic) + bridge + schedules))
    }

    @Test("A zone that was renamed leaves all its topics, and nothing else")
    func renamed() throws {
        let later = try inventory { $0.locations[0].systems[0].zones[0].name = "Galley" }
        let gone = try inventory().topics(notIn: later)
        #expect(gone.count == 16)
        #expect(gone.allSatisfy { $0.hasPrefix("evohome/mill_house/zone/kitchen") })
    }

    @Test("What is switched off is left")
    func switchedOff() throws {
        #expect(try inventory().topics(notIn: inventory(schedules: false)).allSatisfy { $0.hasSuffix("/schedule") })
        #expect(try inventory().topics(notIn: inventory(output: .attributes)).count == 4)
        let documents = try inventory(discovery: discovery).topics(notIn: inventory())
        #expect(documents.contains("homeassistant/device/evohome_zone_7011/config"))
        #expect(documents.allSatisfy { $0.hasPrefix("homeassistant/device/evohome_") })
    }

    @Test("Documents for other readers are left when they are switched off, and when their prefix is another")
    func components() throws {
        let bridge = BridgeTopics(base: "evohome")
        let domoticz = ComponentDiscovery(prefix: "domoticz", bridge: bridge, version: "1")
        let openHAB = ComponentDiscovery(prefix: "openhab", bridge: bridge, version: "1")
        let before = try inventory(discovery: discovery, components: domoticz)
        let off = try before.topics(notIn: inventory(discovery: discovery))
        #expect(off.contains("domoticz/climate/evohome_zone_7011/config"))
        #expect(off.allSatisfy { $0.hasPrefix("domoticz/") })
        let renamed = try before.topics(notIn: inventory(discovery: discovery, components: openHAB))
        #expect(Set(renamed) == Set(off))
    }

    @Test("Nothing is left of what has not changed")
    func unchanged() throws {
        #expect(try inventory().topics(notIn: inventory()).isEmpty)
    }

    @Test("It survives encoding")
    func coding() throws {
        let inventory = try inventory(discovery: discovery)
        let data = try JSONEncoder().encode(inventory)
        #expect(try JSONDecoder().decode(TopicInventory.self, from: data) == inventory)
    }
}
