import BridgeCore
import HeatingModel
import Testing

@Suite("Finding what a person names")
struct TargetFinderTests {
    /// The mill house with rooms of nearly one name, and a cottage.
    private func installation() throws -> Installation {
        var mill = try MillHouse.location()
        mill.systems[0].zones += [MillHouse.zone("7014", name: "Bedroom"), MillHouse.zone("7015", name: "bedroom")]
        var cottage = try MillHouse.location()
        cottage.id = "8001"
        cottage.name = "Cottage"
        cottage.systems[0].id = "8003"
        cottage.systems[0].zones = [MillHouse.zone("8011", name: "Kitchen")]
        cottage.systems[0].hotWater = nil
        return Installation(accountID: "1", locations: [mill, cottage])
    }

    private func finder(in location: String? = nil) throws -> TargetFinder {
        let installation = try installation()
        let layout = TopicLayout(base: "evohome", naming: .name, installation: installation)
        return try TargetFinder(installation, layout: layout, location: location)
    }

    @Test(
        "A zone is found by its name, its name in any case, its level in topics, and its id",
        arguments: [
            ("Günther's room / attic", "7012"), ("GÜNTHER'S ROOM / ATTIC", "7012"),
            ("günther_s_room___attic", "7012"), ("Günther's Room - Attic", "7012"), ("7012", "7012"),
            ("Bedroom", "7014"), ("bedroom", "7015"), ("bedroom_2", "7015"),
        ]
    )
    func zones(name: String, id: String) throws {
        #expect(try finder().zone(called: name).id == id)
    }

    @Test(
        "What is in several locations is found where the location is named",
        arguments: ["Cottage", "cottage", "8001", "8003"]
    )
    func locations(name: String) throws {
        #expect(try finder(in: name).zone(called: "kitchen").id == "8011")
        #expect(try finder(in: name).system().target == .system("8003"))
    }

    @Test("The only hot water of all needs no name")
    func hotWater() throws {
        #expect(try finder().hotWater().id == "7020")
    }

    @Test(
        "Hot water is found beside zones, by its words in any spelling and by its id",
        arguments: [
            ("hot_water", "7020"), ("Hot water", "7020"), ("hot-water", "7020"), ("7020", "7020"), ("attic", nil),
        ]
    )
    func zoneOrHotWater(word: String, id: String?) throws {
        let found = try? finder(in: "Mill House").zoneOrHotWater(called: word)
        #expect(found?.id == id)
        #expect(try finder().zoneOrHotWater(called: "Bedroom").id == "7014")
    }

    @Test("What is not there, and what can be several, is refused with what there is")
    func refused() throws {
        let everywhere = try finder()
        let cottage = try finder(in: "Cottage")
        let cases: [(words: String, find: () throws -> NamedTarget)] = [
            ("known zones: Kitchen", { try cottage.zone(called: "Cellar") }),
            (
                "Several zones match \"Kitchen\": Kitchen in Mill House (7011) and Kitchen in Cottage (8011)",
                { try everywhere.zone(called: "Kitchen") }
            ),
            (
                "Several zones match \"BEDROOM\": Bedroom in Mill House (7014) and bedroom",
                { try everywhere.zone(called: "BEDROOM") }
            ),
            ("There is no zone \"\"", { try everywhere.zone(called: "") }),
            ("There is no zone \"7013\"", { try everywhere.zone(called: "7013") }),
            ("There is no hot water", { try cottage.hotWater() }),
            ("more than one control system: Mill House (7003) and Cottage (8003)", { try everywhere.system() }),
            ("known locations: Mill House (7001) and Cottage (8001)", { try finder(in: "Barn").system() }),
        ]
        for (words, find) in cases {
            let refusal = #expect(throws: Refusal.self) { _ = try find() }
            #expect(refusal?.code == .unknownTarget)
            #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "-")")
        }
    }

    @Test("Names from outside are shown safely, and not all of a thousand")
    func listing() throws {
        var installation = try installation()
        installation.locations[0].systems[0].zones = (1...1000).map {
            MillHouse.zone(.init("\($0)"), name: "Room\n\($0)")
        }
        let layout = TopicLayout(base: "evohome", naming: .name, installation: installation)
        let finder = try TargetFinder(installation, layout: layout, location: "Mill House")
        let refusal = #expect(throws: Refusal.self) { try finder.zone(called: "Cellar") }
        #expect(refusal?.message.contains("\n") == false)
        #expect(refusal?.message.hasSuffix("and 976 more.") == true)
    }
}
