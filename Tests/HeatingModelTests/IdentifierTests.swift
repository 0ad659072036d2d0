import HeatingModel
import Testing

@Suite("Ids of the vendor's")
struct IdentifierTests {
    @Test("They have one order: numbers by value, before words, and those that differ in their text alone by that")
    func order() {
        let ids: [ZoneID] = ["07", "7", "9", "10", "a", "b"]
        for (index, id) in ids.enumerated() {
            #expect(!(id < id))
            for later in ids[(index + 1)...] { #expect(id < later && !(later < id)) }
        }
    }
}
