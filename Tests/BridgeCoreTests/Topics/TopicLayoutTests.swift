import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("The layout of topics")
struct TopicLayoutTests {
    private func location(_ id: LocationID, _ name: String, _ systems: [ControlSystem]) -> Location {
        Location(id: id, name: name, timeZone: LocationTimeZone(offsetMinutes: 0), systems: systems)
    }

    private func system(_ id: ControlSystemID, _ zones: [(ZoneID, String)], hotWater: HotWaterID? = nil)
        -> ControlSystem
    {
        ControlSystem(
            id: id,
            gatewayID: "1",
            model: nil,
            allowedModes: [],
            zones: zones.map { MillHouse.zone($0, name: $1) },
            hotWater: hotWater.map {
                HotWater(
                    id: $0,
                    allowedModes: [],
                    allowedStates: [],
                    maximumDuration: nil,
                    timingResolution: nil,
                    schedule: nil
                )
            }
        )
    }

    private func layout(
        _ locations: [Location],
        base: String = "evohome",
        naming: TopicLayout.Naming = .name
    ) -> TopicLayout {
        TopicLayout(base: base, naming: naming, installation: Installation(accountID: "1", locations: locations))
    }

    @Test("Every topic that commands and requests come on can be listed, for a broker that takes no wildcards")
    func commandTopics() throws {
        let layout = try MillHouse.layout()
        let subscribed = SubscribedTopics(bridge: layout.bridge)
        let topics = layout.commandTopics
        #expect(Set(topics).count == topics.count)
        for topic in topics {
            switch subscribed.meaning(of: topic) {
            case .command(let command): #expect(layout.system(of: command) != nil, "\(topic)")
            case .request(let name): #expect(BridgeRequest.names.contains(name))
            default: Issue.record("\(topic) is neither a command's nor a request's")
            }
        }
        for topic in [
            "kitchen/set", "kitchen/set/setpoint", "kitchen/set/mode", "kitchen/set/adjust", "kitchen/schedule/set",
        ] { #expect(topics.contains("evohome/mill_house/zone/\(topic)")) }
        for topic in [
            "hot_water/set", "hot_water/set/state", "hot_water/schedule/set", "system/set", "system/set/mode",
            "zones/set", "zones/set/setpoint", "zones/set/mode", "zones/set/adjust",
        ] {
            #expect(topics.contains("evohome/mill_house/\(topic)"))
        }
        #expect(topics.contains("evohome/bridge/request/refresh"))
    }

    @Test("Each kind of target has its topic, and each topic its target")
    func kinds() throws {
        let layout = try MillHouse.layout()
        let topics: [(Target, String)] = [
            (.system("7003"), "evohome/mill_house/system"),
            (.hotWater("7020", in: "7003"), "evohome/mill_house/hot_water"),
            (.zone("7011", in: "7003"), "evohome/mill_house/zone/kitchen"),
            (.zone("7012", in: "7003"), "evohome/mill_house/zone/günther_s_room___attic"),
        ]
        for (target, topic) in topics {
            #expect(layout.topic(of: target) == topic)
            #expect(layout.target(at: topic) == target)
        }
        #expect(layout.availabilityTopic(of: "7003") == "evohome/mill_house/availability")
        #expect(layout.availabilityTopic(of: "1") == nil)
        #expect(layout.target(at: "evohome/mill_house/zone/+") == nil)
    }

    @Test("A ghost has no topic")
    func ghost() throws {
        #expect(try MillHouse.layout().topic(of: .zone("7013", in: "7003")) == nil)
    }

    @Test("Zones of one name are numbered in order of ids")
    func doubles() {
        let layout = layout([location("1", "Home", [system("2", [("10", "Bath"), ("9", "bath"), ("11", "BATH")])])])
        #expect(layout.topic(of: .zone("9", in: "2")) == "evohome/home/zone/bath")
        #expect(layout.topic(of: .zone("10", in: "2")) == "evohome/home/zone/bath_2")
        #expect(layout.topic(of: .zone("11", in: "2")) == "evohome/home/zone/bath_3")
    }

    @Test("A second control system of a location gets -2")
    func secondSystem() {
        let layout = layout([location("1", "Home", [system("5", []), system("4", []), system("6", [])])])
        #expect(layout.topic(of: .system("4")) == "evohome/home/system")
        #expect(layout.topic(of: .system("5")) == "evohome/home-2/system")
        #expect(layout.availabilityTopic(of: "6") == "evohome/home-3/availability")
    }

    @Test("A house named Bridge stays out of the bridge's own topics")
    func bridgeHouse() {
        let layout = layout([location("1", "Bridge", [system("2", [])]), location("3", "bridge", [system("4", [])])])
        #expect(layout.topic(of: .system("2")) == "evohome/bridge_2/system")
        #expect(layout.topic(of: .system("4")) == "evohome/bridge_3/system")
    }

    @Test("Ids can stand for names")
    func ids() {
        let layout = layout([location("1", "Home", [system("2", [("3", "Bath")]), system("4", [])])], naming: .id)
        #expect(layout.topic(of: .zone("3", in: "2")) == "evohome/1/zone/3")
        #expect(layout.topic(of: .system("4")) == "evohome/1-2/system")
    }

    @Test("A location without a name is called by its id, and no id reaches a topic as it is")
    func nameless() {
        let layout = layout([location("1/#", "", [system("2", [])]), location("", "", [system("3", [])])])
        #expect(layout.topic(of: .system("2")) == "evohome/1__/system")
        #expect(layout.topic(of: .system("3")) == "evohome/_/system")
    }

    @Test("A thermostat's zone may have its system's id, and hot water a zone's")
    func sharedIDs() {
        let layout = layout([location("1", "Flat", [system("7", [("7", "Thermostat")], hotWater: "7")])])
        #expect(layout.target(at: "evohome/flat/zone/thermostat") == .zone("7", in: "7"))
        #expect(layout.target(at: "evohome/flat/system") == .system("7"))
        #expect(layout.target(at: "evohome/flat/hot_water") == .hotWater("7", in: "7"))
    }

    @Test("The base may have levels of its own")
    func deepBase() {
        let layout = layout([location("1", "Home", [system("2", [("3", "Bath")])])], base: "a/b/evohome")
        #expect(layout.topic(of: .zone("3", in: "2")) == "a/b/evohome/home/zone/bath")
        #expect(layout.bridge.state == "a/b/evohome/bridge/state")
        #expect(layout.bridge.commandFilters.contains("a/b/evohome/+/zone/+/set/+"))
        #expect(layout.bridge.commandFilters.contains("a/b/evohome/+/zones/set"))
    }

    @Test("However homes are named, no two targets share a topic", arguments: 0..<100)
    func unique(seed: Int) {
        var randomness = SeededGenerator(seed: seed)
        let names = ["Home", "home", "home_2", "Bridge", "", "/", "+", "_", "home-2", "set", "system"]
        let locations = (1...6).map { number in
            location(
                LocationID("\(number)"),
                names.randomElement(using: &randomness) ?? "",
                (1...2).map { index in
                    system(
                        ControlSystemID("\(number)\(index)"),
                        (1...5).map {
                            (ZoneID("\(number)\(index)\($0)"), names.randomElement(using: &randomness) ?? "")
                        }
                    )
                }
            )
        }
        let layout = layout(locations)
        var topics: Set<String> = []
        var count = 0
        for location in locations {
            for system in location.systems {
                let targets = [Target.system(system.id)] + system.zones.map { .zone($0.id, in: system.id) }
                for topic in targets.compactMap({ layout.topic(of: $0) }) {
                    count += 1
                    topics.insert(topic)
                    #expect(!topic.hasPrefix("evohome/bridge/"))
                }
            }
        }
        #expect(topics.count == count)
    }
}
