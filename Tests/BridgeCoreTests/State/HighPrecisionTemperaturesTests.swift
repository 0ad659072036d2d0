import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("What all sensors of a home show")
struct HighPrecisionTemperaturesTests {
    @Test("Readings are matched by id, of zones and of hot water; others are ignored")
    func matched() throws {
        var temperatures = HighPrecisionTemperatures()
        let status = try #require(MillHouse.site().status)
        #expect(temperatures.merge(status) == status)
        let readings: [SensorID: Temperature] = ["7011": 19.31, "7020": 51.24, "1": 7.77]
        let shown = temperatures.merge(readings, into: status)
        var expected = status
        let kitchen = try #require(status.zones.firstIndex { $0.id == MillHouse.kitchenID })
        expected.zones[kitchen].temperature = 19.31
        expected.hotWater?.temperature = 51.24
        #expect(shown == expected)
        #expect(temperatures.highPrecision.mapValues(\.value) == ["7011": 19.31, "7020": 51.24])
        // The next status says what the last one said, and the next round fails.
        #expect(temperatures.merge(status) == expected)
        #expect(temperatures.merge([:], into: expected) == expected)
    }

    @Test("A restart goes on where the last run ended")
    func restarted() throws {
        var earlier = HighPrecisionTemperatures()
        let status = try #require(MillHouse.site().status)
        let shown = earlier.merge(["7011": 19.31], into: status)
        var later = HighPrecisionTemperatures(remembered: earlier.highPrecision)
        #expect(later.merge(status) == shown)
    }

    @Test("Without a high-precision reading nothing is remembered of any sensor")
    func nothing() throws {
        var temperatures = HighPrecisionTemperatures()
        let status = try #require(MillHouse.site().status)
        _ = temperatures.merge(status)
        _ = temperatures.merge([:], into: status)
        #expect(temperatures == HighPrecisionTemperatures())
    }
}

@Suite("Which of its two readings a sensor shows")
struct SensorTemperatureTests {
    enum Reading: Sendable {
        case coarse(Temperature?)
        case highPrecision(Temperature?)
    }

    @Test(
        "Readings come in turn, and after each one temperature is shown",
        arguments: [
            ("the first high-precision reading", [.coarse(19.5), .highPrecision(19.47)], [19.5, 19.47]),
            (
                "high-precision readings follow each other",
                [.coarse(19.5), .highPrecision(19.47), .highPrecision(19.51)], [19.5, 19.47, 19.51]
            ),
            (
                "they come and go in a steady room",
                [
                    .coarse(19.5), .highPrecision(19.47), .coarse(19.5), .highPrecision(nil), .coarse(19.5),
                    .highPrecision(nil), .highPrecision(19.47),
                ],
                [19.5, 19.47, 19.47, 19.47, 19.47, 19.47, 19.47]
            ),
            (
                "the coarse one moves by a step, and the high-precision one says how far it really is",
                [.coarse(19.5), .highPrecision(19.47), .coarse(20), .highPrecision(19.52)], [19.5, 19.47, 19.47, 19.52]
            ),
            (
                "the coarse one moves by more than a step",
                [.coarse(19.5), .highPrecision(19.47), .coarse(21), .highPrecision(20.93)], [19.5, 19.47, 21, 20.93]
            ),
            (
                "the coarse one moves, and no high-precision one comes",
                [.coarse(19.5), .highPrecision(19.47), .coarse(20), .highPrecision(nil)], [19.5, 19.47, 19.47, 20]
            ),
            (
                "the coarse one moves long after the last high-precision one, and back",
                [.coarse(19.5), .highPrecision(19.47), .highPrecision(nil), .coarse(20), .coarse(19.5)],
                [19.5, 19.47, 19.47, 20, 19.5]
            ),
            (
                "the setpoint goes below the room, so that it is rounded down",
                [.coarse(19.5), .highPrecision(19.47), .coarse(19), .highPrecision(19.47), .coarse(19.5)],
                [19.5, 19.47, 19.47, 19.47, 19.47]
            ),
            (
                "an old reading comes again and again",
                [
                    .coarse(19.5), .highPrecision(19.47), .coarse(20), .highPrecision(19.47), .coarse(20.5),
                    .highPrecision(19.47), .highPrecision(20.4),
                ],
                [19.5, 19.47, 19.47, 19.47, 20.5, 20.5, 20.4]
            ),
            (
                "the sensor is lost, and found",
                [
                    .coarse(19.5), .highPrecision(19.47), .coarse(nil), .highPrecision(19.47), .coarse(19.5),
                    .highPrecision(19.4),
                ],
                [19.5, 19.47, nil, nil, 19.5, 19.4]
            ),
            ("API v1 alone knows it", [.coarse(nil), .highPrecision(19.47)], [nil, nil]),
        ] as [(String, [Reading], [Temperature?])]
    )
    func shown(what: String, readings: [Reading], shown: [Temperature?]) {
        var sensor = SensorTemperature(coarse: nil)
        let seen = readings.map { reading in
            switch reading {
            case .coarse(let coarse): sensor.keep(coarse: coarse)
            case .highPrecision(let precise): sensor.keep(highPrecision: precise)
            }
            return sensor.shown
        }
        #expect(seen == shown)
    }

    @Test(
        "What an earlier run showed stays while the status says what it said then",
        arguments: [(19.5, 19.47), (20, 20)] as [(Temperature, Temperature)]
    )
    func remembered(coarse: Temperature, shown: Temperature) {
        var sensor = SensorTemperature(coarse: nil, highPrecision: HighPrecisionTemperature(value: 19.47, beside: 19.5))
        sensor.keep(coarse: coarse)
        #expect(sensor.shown == shown)
        sensor.keep(highPrecision: nil)
        #expect(sensor.shown == shown)
    }

    @Test(
        "In a steady room nothing changes, however high-precision readings come and go",
        arguments: 0..<200
    )
    func steady(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let room = Room(temperature: Double.random(in: 5...30, using: &random), isHeated: .random(using: &random))
        var sensor = SensorTemperature(coarse: nil)
        sensor.keep(coarse: room.coarse)
        sensor.keep(highPrecision: room.highPrecision)
        for _ in 0..<100 {
            sensor.keep(coarse: room.coarse)
            #expect(sensor.shown == room.highPrecision)
            sensor.keep(highPrecision: Bool.random(using: &random) ? room.highPrecision : nil)
            #expect(sensor.shown == room.highPrecision)
        }
    }

    @Test(
        "In a room that drifts what is shown is never a degree off, and a high-precision reading that comes is shown",
        arguments: 0..<200
    )
    func drifting(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var room = Room(temperature: 20, isHeated: true)
        var sensor = SensorTemperature(coarse: nil)
        for _ in 0..<200 {
            room.temperature += Double.random(in: -0.2...0.2, using: &random)
            if Int.random(in: 0..<10, using: &random) == 0 { room.isHeated.toggle() }
            sensor.keep(coarse: room.coarse)
            let comes = Int.random(in: 0..<3, using: &random) > 0
            sensor.keep(highPrecision: comes ? room.highPrecision : nil)
            let shown = sensor.shown?.celsius ?? .infinity
            if comes { #expect(sensor.shown == room.highPrecision) }
            #expect(abs(shown - room.temperature) <= 1)
        }
    }
}

/// A room, as both APIs read it.
private struct Room {
    var temperature: Double
    /// Whether its setpoint is above it, so that half degrees are rounded up.
    var isHeated: Bool

    private var hundredths: Double { (temperature * 100).rounded() / 100 }
    var highPrecision: Temperature { Temperature(celsius: hundredths) }
    var coarse: Temperature { Temperature(celsius: (hundredths * 2).rounded(isHeated ? .up : .down) / 2) }
}
