/// Why a text is no duration. It describes itself in one sentence.
public enum DurationTextError: Error, Hashable, Sendable {
    /// It is written in no form that is known.
    case unreadable(String)
    /// It is a bare number, where a unit is needed.
    case noUnit(String)
    /// It is not `[d.]hh:mm:ss`, where only this form is taken.
    case unreadableTimeSpan(String)
    /// It is zero or less.
    case notPositive(String)
    /// It is more than ``Swift/Duration/longestInText``.
    case tooLong(String)
    /// It names years or months, which are not always of the same length.
    case noFixedLength(String)
}

extension DurationTextError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let text):
            "\(Self.quoted(text)) is not a duration; write 90m, 1h30m, 3d or PT1H30M."
        case .noUnit(let text):
            "\(Self.quoted(text)) has no unit; write 45s, 90m, 1h30m or 3d."
        case .unreadableTimeSpan(let text):
            "\(Self.quoted(text)) is no span of time; it is written [d.]hh:mm:ss, such as 00:10:00 or 1.00:00:00."
        case .notPositive(let text):
            "\(Self.quoted(text)) is no duration that something can last; it must be longer than zero."
        case .tooLong(let text):
            "\(Self.quoted(text)) is too long a duration; \(Duration.longestInText.readable) is the most."
        case .noFixedLength(let text):
            "\(Self.quoted(text)) counts years or months, which differ in length; write weeks, days, hours or minutes."
        }
    }

    /// The text in quotation marks, cut where it is long: it comes from outside and ends up in logs.
    private static func quoted(_ text: String) -> String {
        let start = text.prefix(40)
        return start.endIndex == text.endIndex ? "'\(text)'" : "'\(start)…'"
    }
}
