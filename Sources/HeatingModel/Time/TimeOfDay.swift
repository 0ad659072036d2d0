/// A time on the clock, from 00:00:00 to 23:59:59, to the second, with no date and no zone.
public struct TimeOfDay: Hashable, Sendable {
    /// 0 to 86,399, as the hands stand: a day on which the clock is put forward or back changes nothing.
    public let secondsSinceMidnight: Int

    public var hour: Int { self.secondsSinceMidnight / 3600 }
    public var minute: Int { self.secondsSinceMidnight / 60 % 60 }
    public var second: Int { self.secondsSinceMidnight % 60 }

    /// The time of these numbers, or `nil` where the clock has none, such as 24:00.
    public init?(hour: Int, minute: Int, second: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { return nil }
        self.secondsSinceMidnight = hour * 3600 + minute * 60 + second
    }

    /// The time so many seconds after midnight, going round after a day.
    init(wrapping secondsSinceMidnight: Int) {
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

    /// `07:00`, or `07:00:30` where it is no whole minute.
    public var description: String {
        self.second == 0 ? self.withoutSeconds : self.withSeconds
    }

    /// `07:00:00`, the form that the cloud reads and writes.
    public var withSeconds: String {
        "\(self.withoutSeconds):\(self.second.padded(to: 2))"
    }

    private var withoutSeconds: String {
        "\(self.hour.padded(to: 2)):\(self.minute.padded(to: 2))"
    }
}
