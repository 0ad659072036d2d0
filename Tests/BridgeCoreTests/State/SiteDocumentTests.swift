import Basics
import BridgeCore
import HeatingModel
import Testing

@Suite("A site as one document")
struct SiteDocumentTests {
    private let now = Instant(millisecondsSince1970: 1_795_500_000_000)

    @Test("It holds what the topics show")
    func states() throws {
        let site = try MillHouse.site()
        let document = site.document(at: now)
        let topics = Dictionary(
            uniqueKeysWithValues: site.messages(in: try MillHouse.layout(), output: .json, at: now).map {
                ($0.topic, $0.payload)
            }
        )
        #expect(document["system"]?.text == topics["evohome/mill_house/system"])
        #expect(document["hot_water"]?.text == topics["evohome/mill_house/hot_water"])
        guard case .array(let zones)? = document["zones"] else { throw Missing() }
        #expect(
            zones.map(\.text) == topics.keys.filter { $0.contains("/zone/") }.sorted(by: >).compactMap { topics[$0] }
        )
        #expect(document["available"] == true)
        #expect(document["location"] == ["id": "7001", "name": "Mill House"])
    }

    @Test("Before the first answer nothing is made up")
    func unknown() throws {
        var site = try MillHouse.site()
        site.status = nil
        let document = site.document(at: now)
        #expect(document["system"] == .null)
        #expect(document["hot_water"] == .null)
        #expect(document["zones"] == [])
        #expect(document["available"] == false)
    }

    private struct Missing: Error {}
}
