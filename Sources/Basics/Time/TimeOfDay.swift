/// A time on the clock, from 00:00:00 to 23:59:59, to the second, with no date and no zone.
public struct TimeOfDay: Hashable, Sendable {
    /// 0 to 86,399, as the clock reads: a day on which the clock is put forward or back changes nothing.
    public let secondsSinceMidnight: Int

    public var hour: Int { secondsSinceMidnight / 3600 }
    public var minute: Int { secondsSinceMidnight / 60 % 60 }
    public var second: Int { secondsSinceMidnight % 60 }

    /// The time of these numbers, or `nil` if the clock does not have it, such as 24:00.
    public init?(hour: Int, minute: Int, second: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { return nil }
        secondsSinceMidnight = hour * 3600 + minute * 60 + second
    }

    /// The time at a number of seconds after midnight, modulo a day.
    public init(wrapping secondsSinceMidnight: Int) {
        self.secondsSinceMidnight = secondsSinceMidnight.dividedDown(by: 86400).remainder
    }

    public static let midnight = Self(wrapping: 0)
}

extension TimeOfDay: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        left.secondsSinceMidnight < right.secondsSinceMidnight
    }
}

extension TimeOfDay: LosslessStringConvertible {
    /// Reads `07:00`, `7:00` (as people write it) or `07:00:00` (as the cloud writes it); `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        var scanner = TextScanner(text)
        self.init(&scanner, hourDigits: 1...2)
        guard scanner.isAtEnd else { return nil }
    }

    /// Reads hours and minutes, and seconds where they follow.
    init?(_ scanner: inout TextScanner, hourDigits: ClosedRange<Int>) {
        guard
            let hour = scanner.number(digits: hourDigits), scanner.skip(":"),
            let minute = scanner.number(digits: 2...2)
        else { return nil }
        guard scanner.skip(":") else {
            self.init(hour: hour, minute: minute)
            return
        }
        guard let second = scanner.number(digits: 2...2) else { return nil }
        self.init(hour: hour, minute: minute, second: second)
    }

    /// `07:00`, or `07:00:30` if it is not a whole minute.
    public var description: String { text(withSeconds: second != 0) }

    /// `07:00:00`, the form that the cloud reads and writes.
    public var withSeconds: String { text(withSeconds: true) }

    private func text(withSeconds: Bool) -> String {
        var writer = TextWriter()
        write(to: &writer, withSeconds: withSeconds)
        return writer.text
    }

    func write(to writer: inout TextWriter, withSeconds: Bool = true) {
        writer.write(hour, digits: 2)
        writer.write(":")
        writer.write(minute, digits: 2)
        guard withSeconds else { return }
        writer.write(":")
        writer.write(second, digits: 2)
    }
}

/// A day of the week. The raw value counts from Monday, which is 0, as the cloud's numbers for `dayOfWeek` do
/// (watchforstock/evohome-client).
public enum Weekday: Int, CaseIterable, Hashable, Sendable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday

    /// The day of an English name in any case, such as `Monday` or `monday`; `nil` for anything else.
    public init?(name: some StringProtocol) {
        let name = name.lowercased()
        guard let day = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = day
    }

    /// The English name in lower case: `monday`.
    public var name: String { Self.names[rawValue] }

    /// Made once: to ask a case for its name takes thousands of instructions, and each schedule asks for seven.
    private static let names = allCases.map { "\($0)" }

    /// The English name with a capital, as sentences and the cloud have it: `Monday`.
    public var capitalizedName: String {
        name.prefix(1).uppercased() + name.dropFirst()
    }
}

extension Weekday: Comparable {
    /// Monday is the first day of the week.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}
