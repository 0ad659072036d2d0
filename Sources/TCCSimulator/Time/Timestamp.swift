import Foundation

/// The vendor's spellings of instants: UTC with a `Z` for ends of overrides and modes, and the location's
/// wall clock without one for the start of faults.
enum Timestamp {
    /// `2026-11-24T18:00:00Z`; fractions are cut off.
    static func utc(_ date: Date) -> String {
        wallClock(date, offset: 0) + "Z"
    }

    /// `2026-11-24T18:00:00`, the wall clock at an offset in seconds east of Greenwich.
    static func wallClock(_ date: Date, offset: Int) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + offset
        let civil = CivilDay(number: seconds.dividedRoundingDown(by: 86_400))
        let second = seconds.remainderRoundingDown(by: 86_400)
        let time = [second / 3_600, second / 60 % 60, second % 60].map(padded).joined(separator: ":")
        return "\(civil.year)-\(padded(civil.month))-\(padded(civil.day))T\(time)"
    }

    /// Reads `yyyy-MM-ddTHH:mm:ss`, a fraction or not, `Z` or `+HH:mm` or nothing after it.
    /// The offset, in seconds east of Greenwich, is for a text that has no zone of its own.
    static func date(_ text: String, offset: Int = 0) -> Date? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), (1...12).contains(month),
            let day = number(bytes[8..<10]), (1...31).contains(day),
            let hour = number(bytes[11..<13]), hour < 24, let minute = number(bytes[14..<16]), minute < 60,
            let second = number(bytes[17..<19]), second < 60
        else { return nil }
        var rest = bytes[19...]
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard let zone = zoneOffset(String(decoding: rest, as: UTF8.self), without: offset) else { return nil }
        let days = CivilDay(year: year, month: month, day: day).number
        return Date(timeIntervalSince1970: Double(days * 86_400 + hour * 3_600 + minute * 60 + second - zone))
    }

    private static func zoneOffset(_ text: String, without offset: Int) -> Int? {
        if text.isEmpty { return offset }
        if text == "Z" || text == "z" { return 0 }
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = number(bytes[1..<3]),
            let minutes = number(bytes[4..<6])
        else { return nil }
        switch text.first {
        case "+": return hours * 3_600 + minutes * 60
        case "-": return -(hours * 3_600 + minutes * 60)
        default: return nil
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func padded(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
