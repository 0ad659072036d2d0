import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Which of its two readings a sensor shows")
struct SensorTemperatureTests {
    enum Reading: Sendable {
        case coarse(Double?)
        case fine(Double?)
    }

    @Test(
        "Readings come in turn, and after each one temperature is shown",
        arguments: [
            ("the first fine reading", [.coarse(19.5), .fine(19.47)], [19.5, 19.47]),
            ("fine readings follow each other", [.coarse(19.5), .fine(19.47), .fine(19.51)], [19.5, 19.47, 19.51]),
            (
                "they come and go in a steady room",
                [.coarse(19.5), .fine(19.47), .coarse(19.5), .fine(nil), .coarse(19.5), .fine(nil), .fine(19.47)],
                [19.5, 19.47, 19.47, 19.47, 19.47, 19.47, 19.47]
            ),
            (
                "the coarse one moves by a step, and the fine one says how far it really is",
                [.coarse(19.5), .fine(19.47), .coarse(20), .fine(19.52)], [19.5, 19.47, 19.47, 19.52]
            ),
            (
                "the coarse one moves by more than a step",
                [.coarse(19.5), .fine(19.47), .coarse(21), .fine(20.93)], [19.5, 19.47, 21, 20.93]
            ),
            (
                "the coarse one moves, and no fine one comes",
                [.coarse(19.5), .fine(19.47), .coarse(20), .fine(nil)], [19.5, 19.47, 19.47, 20]
            ),
            (
                "the coarse one moves long after the last fine one, and back",
                [.coarse(19.5), .fine(19.47), .fine(nil), .coarse(20), .coarse(19.5)], [19.5, 19.47, 19.47, 20, 19.5]
            ),
            (
                "the setpoint goes below the room, so that it is rounded down",
                [.coarse(19.5), .fine(19.47), .coarse(19), .fine(19.47), .coarse(19.5)],
                [19.5, 19.47, 19.47, 19.47, 19.47]
            ),
            (
                "an old reading comes again and again",
                [.coarse(19.5), .fine(19.47), .coarse(20), .fine(19.47), .coarse(20.5), .fine(19.47), .fine(20.4)],
                [19.5, 19.47, 19.47, 19.47, 20.5, 20.5, 20.4]
            ),
            (
                "the sensor is lost, and found",
                [.coarse(19.5), .fine(19.47), .coarse(nil), .fine(19.47), .coarse(19.5), .fine(19.4)],
                [19.5, 19.47, nil, nil, 19.5, 19.4]
            ),
            ("the older API alone knows it", [.coarse(nil), .fine(19.47)], [nil, nil]),
        ] as [(String, [Reading], [Double?])]
    )
    func shown(what: String, readings: [Reading], shown: [Double?]) {
        var sensor = SensorTemperature(coarse: nil)
        let seen = readings.map { reading in
            switch reading {
            case .coarse(let coarse): sensor.read(coarse: coarse)
            case .fine(let fine): sensor.read(fine: fine)
            }
            return sensor.shown
        }
        #expect(seen == shown)
    }

    @Test(
        "What an earlier run showed stands while the status says what it said then",
        arguments: [(19.5, 19.47), (20, 20)]
    )
    func remembered(coarse: Double, shown: Double) {
        var sensor = SensorTemperature(coarse: nil, fine: HighPrecisionTemperature(value: 19.47, beside: 19.5))
        sensor.read(coarse: coarse)
        #expect(sensor.shown == shown)
        sensor.read(fine: nil)
        #expect(sensor.shown == shown)
    }

    @Test(
        "In a steady room nothing changes, however fine readings drop in and out",
        arguments: 0..<200
    )
    func steady(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let room = Room(temperature: Double.random(in: 5...30, using: &random), isHeated: .random(using: &random))
        var sensor = SensorTemperature(coarse: nil)
        sensor.read(coarse: room.coarse)
        sensor.read(fine: room.fine)
        for _ in 0..<100 {
            sensor.read(coarse: room.coarse)
            #expect(sensor.shown == room.fine)
            sensor.read(fine: Bool.random(using: &random) ? room.fine : nil)
            #expect(sensor.shown == room.fine)
        }
    }

    @Test(
        "In a room that drifts what is shown is never a degree off, and a fine reading that comes is shown",
        arguments: 0..<200
    )
    func drifting(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var room = Room(temperature: 20, isHeated: true)
        var sensor = SensorTemperature(coarse: nil)
        for _ in 0..<200 {
            room.temperature += Double.random(in: -0.2...0.2, using: &random)
            if Int.random(in: 0..<10, using: &random) == 0 { room.isHeated.toggle() }
            sensor.read(coarse: room.coarse)
            let comes = Int.random(in: 0..<3, using: &random) > 0
            sensor.read(fine: comes ? room.fine : nil)
            let shown = sensor.shown ?? .infinity
            if comes { #expect(shown == room.fine) }
            #expect(abs(shown - room.temperature) <= 1)
        }
    }
}

/// A room, as both APIs read it.
private struct Room {
    var temperature: Double
    /// Whether its setpoint is above it, so that half degrees are rounded up.
    var isHeated: Bool

    var fine: Double { (temperature * 100).rounded() / 100 }
    var coarse: Double { (fine * 2).rounded(isHeated ? .up : .down) / 2 }
}
