/// Writes short texts for machines (times) from the left, byte by byte: every message has several.
struct TextWriter {
    private var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(24)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Writes one ASCII character.
    mutating func write(_ character: Unicode.Scalar) {
        bytes.append(UInt8(ascii: character))
    }

    /// Writes the last digits of a number that is not negative, with zeros in front.
    mutating func write(_ number: Int, digits count: Int) {
        var divisor = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
