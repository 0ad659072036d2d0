extension Duration {
    /// The longest duration that is read from text, 36,500 days: beyond what any system takes, and far from overflow.
    public static let longestInText = Duration.seconds(36500 * 86400)

    /// Reads a duration as people and programs write it.
    ///
    /// - `90`: minutes
    /// - `01:30`, `01:30:00`: hours and minutes, and seconds where they follow
    /// - `90m`, `1h`, `1h30m`, `3d`, `45s`: days, hours, minutes and seconds, in this order
    /// - `PT1H30M`, `P3D`, `P1W`: ISO 8601 without fractions, and without years and months, which have no fixed length
    ///
    /// Letters may be in either case.
    ///
    /// - Throws: ``DurationTextError`` for anything else, for zero, and for more than ``longestInText``.
    public init(parsing text: some StringProtocol) throws(DurationTextError) {
        var parser = DurationParser(text, needsUnit: false)
        self = try parser.parse()
    }

    /// Reads a duration as ``init(parsing:)`` does, but only with units: by a bare number one program would mean minutes,
    /// the next one seconds.
    ///
    /// - Throws: ``DurationTextError`` as ``init(parsing:)`` does, and for what has no unit.
    public init(parsingWithUnit text: some StringProtocol) throws(DurationTextError) {
        var parser = DurationParser(text, needsUnit: true)
        self = try parser.parse()
    }

    /// A number of minutes, days or other units, held to the same limits as a duration in text. A part of a second counts
    /// as a whole one.
    ///
    /// - Parameters:
    ///   - unit: In seconds.
    ///   - text: What is shown in an error; the number itself if it is not given.
    /// - Throws: ``DurationTextError`` for zero or less, and for more than ``longestInText``.
    public init(checking count: Double, unit: Int, text: String? = nil) throws(DurationTextError) {
        let text = text ?? (Int(exactly: count).map { "\($0)" } ?? "\(count)")
        let seconds = (count * Double(unit)).rounded(.up)
        guard seconds > 0 else { throw .notPositive(text) }
        guard seconds <= Double(Self.longestInText.components.seconds) else { throw .tooLong(text) }
        self = .seconds(Int(seconds))
    }
}

/// Why a text is not a duration. It describes itself in one sentence, safe to show.
public enum DurationTextError: Error, Hashable, Sendable {
    /// It has none of the known forms.
    case unreadable(String)
    /// It is a bare number where a unit is needed.
    case noUnit(String)
    /// It is not `[d.]hh:mm:ss` where only this form is accepted.
    case unreadableTimeSpan(String)
    /// It is zero or less.
    case notPositive(String)
    /// It is more than ``Swift/Duration/longestInText``.
    case tooLong(String)
    /// It names years or months, which vary in length.
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
            "\(Self.quoted(text)) is not a valid time span; write [d.]hh:mm:ss, such as 00:10:00 or 1.00:00:00."
        case .notPositive(let text):
            "\(Self.quoted(text)) is not a valid duration; it must be longer than zero."
        case .tooLong(let text):
            "\(Self.quoted(text)) is too long; the longest duration is \(Duration.longestInText.readable)."
        case .noFixedLength(let text):
            "\(Self.quoted(text)) counts years or months, which vary in length; write weeks, days, hours or minutes."
        }
    }

    private static func quoted(_ text: String) -> String { "'\(text.excerpt(upTo: 40))'" }
}

/// Adds up the parts of a duration in one of its forms.
private struct DurationParser {
    private let text: String
    private let needsUnit: Bool
    private var scanner: TextScanner
    private var seconds = 0

    private typealias Unit = (letter: Unicode.Scalar, seconds: Int)
    private static let dateUnits: [Unit] = [("w", 604_800), ("d", 86400)]
    private static let timeUnits: [Unit] = [("h", 3600), ("m", 60), ("s", 1)]
    private static let shortUnits: [Unit] = [("d", 86400)] + Self.timeUnits

    init(_ text: some StringProtocol, needsUnit: Bool) {
        self.text = String(text)
        self.needsUnit = needsUnit
        scanner = TextScanner(text.lowercased())
    }

    mutating func parse() throws(DurationTextError) -> Duration {
        if scanner.skip("-") { throw .notPositive(text) }
        if scanner.skip("p") {
            try parseISO8601()
        } else {
            try parseShort()
        }
        guard scanner.isAtEnd else { throw .unreadable(text) }
        guard seconds > 0 else { throw .notPositive(text) }
        return .seconds(seconds)
    }

    /// What follows the `P`: a date part, a time part after a `T`, or both.
    private mutating func parseISO8601() throws(DurationTextError) {
        let hasDatePart = scanner.next != "t"
        if hasDatePart { try parseParts(of: Self.dateUnits, calendarUnits: ["y", "m"]) }
        if scanner.skip("t") { try parseParts(of: Self.timeUnits) }
    }

    private mutating func parseShort() throws(DurationTextError) {
        let start = scanner
        let number = try parseNumber()
        if scanner.isAtEnd {
            guard !needsUnit else { throw .noUnit(text) }
            try add(number, times: 60)
        } else if !needsUnit, scanner.skip(":") {
            try add(number, times: 3600)
            try parseClock()
        } else {
            scanner = start
            try parseParts(of: Self.shortUnits)
        }
    }

    /// What follows the hours: minutes, and seconds where they are given.
    private mutating func parseClock() throws(DurationTextError) {
        guard let minutes = scanner.number(digits: 2...2), minutes < 60 else { throw .unreadable(text) }
        try add(minutes, times: 60)
        guard scanner.skip(":") else { return }
        guard let seconds = scanner.number(digits: 2...2), seconds < 60 else { throw .unreadable(text) }
        try add(seconds, times: 1)
    }

    /// Reads one part or more, each with a smaller unit than the one before.
    private mutating func parseParts(of units: [Unit], calendarUnits: [Unicode.Scalar] = []) throws(DurationTextError) {
        var units = units[...]
        repeat {
            let number = try parseNumber()
            if let letter = scanner.next, calendarUnits.contains(letter) { throw .noFixedLength(text) }
            guard
                let index = units.firstIndex(where: { $0.letter == scanner.next }),
                scanner.skip(units[index].letter)
            else { throw .unreadable(text) }
            try add(number, times: units[index].seconds)
            units = units[(index + 1)...]
        } while !scanner.isAtEnd && scanner.next != "t"
    }

    private mutating func parseNumber() throws(DurationTextError) -> Int {
        guard let number = scanner.number(digits: 1...18) else { throw .unreadable(text) }
        // Digits that are left over are those of a number with more than 18.
        if scanner.number(digits: 1...1) != nil { throw .tooLong(text) }
        return number
    }

    private mutating func add(_ number: Int, times unit: Int) throws(DurationTextError) {
        let (product, overflows) = number.multipliedReportingOverflow(by: unit)
        let limit = Int(Duration.longestInText.components.seconds)
        // What was added so far is at most the limit, so that this sum of the two cannot overflow.
        guard !overflows, product <= limit, seconds + product <= limit else { throw .tooLong(text) }
        seconds += product
    }
}
