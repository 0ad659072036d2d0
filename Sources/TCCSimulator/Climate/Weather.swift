import Foundation

/// The temperature outside: a year, a day, and chance that depends on the seed and the day alone.
struct Weather: Sendable {
    let seed: UInt64

    /// In °C. Coldest in late January and before sunrise, warmest in late July and in the afternoon.
    /// The offset is the location's, in seconds east of Greenwich.
    func temperature(at date: Date, offset: Int) -> Double {
        let seconds = date.timeIntervalSince1970 + Double(offset)
        let days = seconds / 86_400
        let season = 10.5 - 7.5 * cos((days / 365.2425 - 0.07) * 2 * .pi)
        let hour = (days - days.rounded(.down)) * 24
        let daily = -3.5 * cos((hour - 4) / 24 * 2 * .pi)
        return season + daily + chance(days)
    }

    /// From -3 to 3 K, and smooth from one day to the next.
    private func chance(_ days: Double) -> Double {
        let day = days.rounded(.down)
        let share = days - day
        let blend = share * share * (3 - 2 * share)
        return deviation(Int(day)) * (1 - blend) + deviation(Int(day) + 1) * blend
    }

    private func deviation(_ day: Int) -> Double {
        var generator = SeededGenerator(seed: seed &+ UInt64(bitPattern: Int64(day)))
        return Double.random(in: -3...3, using: &generator)
    }
}
