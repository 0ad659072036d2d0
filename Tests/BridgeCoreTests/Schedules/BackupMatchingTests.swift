import BridgeCore
import HeatingModel
import Testing

@Suite("Where the weeks of a backup belong")
struct BackupMatchingTests {
    /// The mill house, and a cottage that has a kitchen too.
    private func installation() throws -> Installation {
        var installation = try MillHouse.installation()
        var cottage = try MillHouse.location()
        cottage.id = "8001"
        cottage.name = "Cottage"
        cottage.systems[0].id = "8003"
        cottage.systems[0].zones = [MillHouse.zone("8011", name: "Kitchen")]
        cottage.systems[0].hotWater?.id = "8020"
        installation.locations.append(cottage)
        return installation
    }

    private func entry(_ id: String, _ name: String, in location: String? = nil) throws -> ScheduleBackup.Entry {
        .init(id: id, name: name, location: location, week: .zone(try MillHouse.week()))
    }

    private func hotWater(_ id: String, in location: String? = nil) throws -> ScheduleBackup.Entry {
        .init(id: id, name: "Tank", location: location, week: .hotWater(try MillHouse.hotWaterWeek()))
    }

    private func places(_ entries: ScheduleBackup.Entry..., in installation: Installation) throws -> [String] {
        try ScheduleBackup(entries: entries).placements(in: installation).map(\.named.id)
    }

    @Test("By its id, whatever it is called now")
    func byID() throws {
        let entries = (try entry("7011", "Old kitchen"), try hotWater("8020"))
        #expect(try places(entries.0, entries.1, in: try installation()) == ["7011", "8020"])
    }

    @Test("By its name where the id is gone, in its location where that is told")
    func byName() throws {
        let attic = try entry("1", MillHouse.attic.name)
        #expect(try places(attic, in: try installation()) == ["7012"])
        #expect(try places(try entry("1", "Kitchen", in: "Cottage"), in: try installation()) == ["8011"])
        #expect(try places(try hotWater("1", in: "Cottage"), in: try installation()) == ["8020"])
        #expect(try places(try hotWater("1"), in: try MillHouse.installation()) == ["7020"])
    }

    @Test("Nowhere where it is not clear, or not there, or there already")
    func refused() throws {
        let installation = try installation()
        let cases: [([ScheduleBackup.Entry], String)] = [
            ([try entry("1", "Kitchen")], #""Kitchen" (1): several"#),
            ([try hotWater("1")], #""Tank" (1): several"#),
            ([try entry("1", "Cellar")], "known are Kitchen, Günther's room / attic and Kitchen."),
            // A zone's week is not the hot water's, though the id is.
            ([try entry("7020", "Tank")], "nothing has this id"),
            ([try entry("7013", "")], "nothing has this id"),
            ([try entry("7011", "Kitchen"), try entry("1", "Kitchen", in: "Mill House")], "not the only week"),
        ]
        for (entries, words) in cases {
            let problems = #expect(throws: BackupProblems.self) {
                try ScheduleBackup(entries: entries).placements(in: installation)
            }
            #expect(problems?.description.contains(words) == true, "\(problems?.description ?? "-")")
        }
    }
}
