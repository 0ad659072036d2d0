extension Duration {
    /// A hundred years: below what MQTT's seconds and a 64-bit count of nanoseconds can hold.
    private static let longestInSeconds = 36_500 * 86_400

    /// Reads `180s`, `30m`, `1h30m`, `3d`; a bare number is seconds, and zero is zero.
    ///
    /// - Parameter text: Whole numbers, each with a unit of `d`, `h`, `m` or `s`, each unit once and in this order.
    init?(settingText text: String) {
        let units: [(Character, Int)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
        var allowed = units[...]
        var seconds = 0
        var digits = ""
        // A bare number is seconds, as in the configurations of Home Assistant and zigbee2mqtt.
        for character in text.allSatisfy(\.isASCIIDigit) ? text + "s" : text {
            if character.isASCIIDigit {
                digits.append(character)
                continue
            }
            guard let number = Int(digits), number <= Self.longestInSeconds,
                let position = allowed.firstIndex(where: { $0.0 == character })
            else { return nil }
            seconds += number * allowed[position].1
            allowed = allowed[(position + 1)...]
            digits = ""
        }
        guard digits.isEmpty, !text.isEmpty, seconds <= Self.longestInSeconds else { return nil }
        self = .seconds(seconds)
    }
}
