/// A line on the disk: a checksum, the text, a line feed.
enum LineCoding {
    static func encode(_ line: String) -> [UInt8] {
        let text = Array(line.utf8)
        return Array(hexadecimal(checksum(text)).utf8) + [UInt8(ascii: " ")] + text + [UInt8(ascii: "\n")]
    }

    /// - Returns: Whether the first line is the header, the lines after it, and whether all of them were whole.
    static func decode(_ bytes: [UInt8], header: String) -> (isOurs: Bool, lines: [String], isWhole: Bool) {
        var lines: [String] = []
        var isWhole = bytes.last.map { $0 == UInt8(ascii: "\n") } ?? true
        for raw in bytes.split(separator: UInt8(ascii: "\n")) {
            if let line = line(raw) { lines.append(line) } else { isWhole = false }
        }
        guard lines.first == header else { return (false, [], isWhole) }
        return (true, Array(lines.dropFirst()), isWhole)
    }

    private static func line(_ raw: ArraySlice<UInt8>) -> String? {
        let text = raw.dropFirst(17)
        guard raw.count > 17, raw.prefix(17).elementsEqual((hexadecimal(checksum(text)) + " ").utf8) else { return nil }
        return String(validating: text, as: UTF8.self)
    }

    /// FNV-1a: enough to tell a torn line, and no more.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
