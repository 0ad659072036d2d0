/// A point in time as people and programs write it: with a zone, or as a clock or a calendar shows it. Fractions of a second
/// are cut off.
public enum WrittenTime: Hashable, Sendable {
    /// `2026-11-28T21:00:00Z`, `2026-11-28 22:00+01:00`
    case instant(Instant)
    /// `2026-11-28 22:00:00`, `2026-11-28T22:00`: in a zone that the text does not name.
    case local(LocalDateTime)
    /// `2026-11-28`
    case day(CivilDate)
    /// `18:00`, `7:00`, `18:00:30`
    case timeOfDay(TimeOfDay)

    /// - Returns: `nil` for anything else, and for a date or time that does not exist.
    public init?(_ text: String) {
        // Python, databases and people put a space for the `T`, and RFC 3339 has its letters in either case.
        var text = text.trimmed.uppercased()
        if let space = text.firstIndex(of: " ") { text.replaceSubrange(space...space, with: "T") }
        if let instant = Instant(text) {
            self = .instant(Instant(millisecondsSince1970: instant.millisecondsSince1970.cutToSeconds))
        } else if let local = LocalDateTime(text) {
            self = .local(LocalDateTime(milliseconds: local.milliseconds.cutToSeconds))
        } else if let day = CivilDate(text) {
            self = .day(day)
        } else if let time = TimeOfDay(text) {
            self = .timeOfDay(time)
        } else {
            return nil
        }
    }
}

extension Int {
    fileprivate var cutToSeconds: Int { dividedDown(by: 1000).quotient * 1000 }
}
