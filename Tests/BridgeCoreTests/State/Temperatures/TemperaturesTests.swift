import BridgeCore
import HeatingModel
import Testing

@Suite("What all sensors of a home show")
struct TemperaturesTests {
    @Test("Fine readings are matched by id, of zones and of hot water; others belong to nobody here")
    func matched() throws {
        var temperatures = Temperatures()
        let status = try #require(MillHouse.site().status)
        #expect(temperatures.shown(status) == status)
        let fine: [SensorID: Temperature] = ["7011": 19.31, "7020": 51.24, "1": 7.77]
        let shown = temperatures.shown(status, after: fine)
        var expected = status
        let kitchen = try #require(status.zones.firstIndex { $0.id == MillHouse.kitchenID })
        expected.zones[kitchen].temperature = 19.31
        expected.hotWater?.temperature = 51.24
        #expect(shown == expected)
        #expect(temperatures.fine.mapValues(\.value) == ["7011": 19.31, "7020": 51.24])
        // The next status says what the last one said, and the next round fails.
        #expect(temperatures.shown(status) == expected)
        #expect(temperatures.shown(expected, after: [:]) == expected)
    }

    @Test("A restart goes on where the last run ended")
    func restarted() throws {
        var earlier = Temperatures()
        let status = try #require(MillHouse.site().status)
        let shown = earlier.shown(status, after: ["7011": 19.31])
        var later = Temperatures(remembered: earlier.fine)
        #expect(later.shown(status) == shown)
    }

    @Test("Without a fine reading nothing is remembered of any sensor")
    func nothing() throws {
        var temperatures = Temperatures()
        let status = try #require(MillHouse.site().status)
        _ = temperatures.shown(status)
        _ = temperatures.shown(status, after: [:])
        #expect(temperatures == Temperatures())
    }
}
