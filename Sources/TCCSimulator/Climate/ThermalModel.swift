/// How a room, or a cylinder of hot water, takes and loses heat: one heat capacity, one loss, one heater.
struct ThermalModel: Sendable {
    /// In hours: how long it takes to lose all but a third of its warmth.
    let timeConstant: Double
    /// In K an hour at full power.
    let heatingRate: Double

    /// The heater is full on a kelvin below its target, and proportional above that.
    private static let proportionalBand = 1.0
    /// In K: what people, sun and machines add.
    private static let gains = 2.0

    /// Rooms differ, and one room is always the same: its values depend on the seed and its id alone.
    static func room(id: String, seed: UInt64) -> ThermalModel {
        var generator = SeededGenerator(seed: seed &+ (UInt64(id) ?? 0))
        return ThermalModel(
            timeConstant: .random(in: 20...45, using: &generator),
            heatingRate: .random(in: 1.6...3.2, using: &generator)
        )
    }

    static let cylinder = ThermalModel(timeConstant: 40, heatingRate: 22)

    /// The temperature a step later.
    /// - Parameters:
    ///   - temperature: now, in °C.
    ///   - target: what the heater works towards, in °C.
    ///   - surroundings: what it loses its heat to, in °C.
    ///   - hours: the length of the step, much shorter than ``timeConstant``.
    /// - Returns: in °C.
    func next(_ temperature: Double, target: Double, surroundings: Double, hours: Double) -> Double {
        let power = min(max((target - temperature) / Self.proportionalBand, 0), 1)
        let loss = (temperature - surroundings - Self.gains) / timeConstant
        return temperature + (power * heatingRate - loss) * hours
    }
}
