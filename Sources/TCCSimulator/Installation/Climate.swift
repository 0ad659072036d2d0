import Foundation

/// The temperature outside: the season, the time of day, and a random part that depends on the seed and the day alone.
struct Weather: Sendable {
    let seed: UInt64

    /// In °C. Coldest in late January and before sunrise, warmest in late July and in the afternoon.
    /// - Parameters:
    ///   - date: When.
    ///   - offset: The location's, in seconds east of Greenwich.
    func temperature(at date: Date, offset: Int) -> Double {
        let seconds = date.timeIntervalSince1970 + Double(offset)
        let days = seconds / 86_400
        let season = 10.5 - 7.5 * cos((days / 365.2425 - 0.07) * 2 * .pi)
        let hour = (days - days.rounded(.down)) * 24
        let daily = -3.5 * cos((hour - 4) / 24 * 2 * .pi)
        return season + daily + deviation(days)
    }

    /// From -3 to 3 K, smooth from one day to the next.
    private func deviation(_ days: Double) -> Double {
        let day = days.rounded(.down)
        let share = days - day
        let blend = share * share * (3 - 2 * share)
        return deviation(ofDay: Int(day)) * (1 - blend) + deviation(ofDay: Int(day) + 1) * blend
    }

    private func deviation(ofDay day: Int) -> Double {
        var generator = SeededGenerator(seed: seed &+ UInt64(bitPattern: Int64(day)))
        return Double.random(in: -3...3, using: &generator)
    }
}

/// How a room, or a cylinder of hot water, gains and loses heat: one heat capacity, one loss, one heater.
struct ThermalModel: Sendable {
    /// In hours: how long it takes to lose about two thirds of its warmth.
    let timeConstant: Double
    /// In K per hour at full power.
    let heatingRate: Double

    /// In K. The heater runs at full power below this distance from its target, and proportionally within it.
    private static let proportionalBand = 1.0
    /// In K: what people, the sun and appliances contribute.
    private static let gains = 2.0

    /// Rooms differ from each other, but each is always the same: its values depend on the seed and its id alone.
    static func room(id: String, seed: UInt64) -> ThermalModel {
        var generator = SeededGenerator(seed: seed &+ (UInt64(id) ?? 0))
        return ThermalModel(
            timeConstant: .random(in: 20...45, using: &generator),
            heatingRate: .random(in: 1.6...3.2, using: &generator)
        )
    }

    static let cylinder = ThermalModel(timeConstant: 40, heatingRate: 22)

    /// The temperature one step later.
    /// - Parameters:
    ///   - temperature: The current one, in °C.
    ///   - target: What the heater aims for, in °C.
    ///   - surroundings: The temperature around it, in °C.
    ///   - hours: The length of the step, much shorter than ``timeConstant``.
    /// - Returns: In °C.
    func next(_ temperature: Double, target: Double, surroundings: Double, hours: Double) -> Double {
        let power = min(max((target - temperature) / Self.proportionalBand, 0), 1)
        let loss = (temperature - surroundings - Self.gains) / timeConstant
        return temperature + (power * heatingRate - loss) * hours
    }
}

/// SplitMix64: a generator whose numbers depend on its seed alone.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
