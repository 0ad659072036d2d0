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
    public var name: String { "\(self)" }

    /// The English name with a capital, as sentences and the cloud have it: `Monday`.
    public var capitalizedName: String {
        self.name.prefix(1).uppercased() + self.name.dropFirst()
    }
}

extension Weekday: Comparable {
    /// Monday is the first day of the week.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}
