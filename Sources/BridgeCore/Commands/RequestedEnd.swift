public import Basics

/// When an override or a mode should end.
public enum RequestedEnd: Equatable, Sendable {
    /// As at the wall controller: a running override keeps its end, else at the next switchpoint.
    case asRunning
    case nextSwitchpoint
    case at(Instant)
    /// When the location's clock reads this.
    case atLocal(LocalDateTime)
    /// The next time that the location's clock reads this.
    case atLocalTime(TimeOfDay)
    /// At the local midnight that ends this day.
    case endOf(CivilDate)
    case after(Duration)
    case never
}

/// What a number without a unit counts in a `duration`.
enum BareDuration: String {
    case minutes
    /// In modes that end at a local midnight.
    case days

    fileprivate var seconds: Int { self == .days ? 86400 : 60 }
}

extension RequestMembers {
    /// The keys that say when something ends.
    static let ends = ["until", "duration"]

    /// Whether `until` is `null`, as in a state and in an outcome's `applied`.
    var hasNullEnd: Bool { self["until"] == .null }

    /// Whether `duration` is a number without a unit.
    var hasBareDuration: Bool { self["duration"]?.countWithoutUnit != nil }

    /// The end that `until` or `duration` asks for.
    ///
    /// - Returns: `nil` when neither is given, and for an `until` that is `null`.
    func end(counting unit: BareDuration = .minutes) throws(Refusal) -> RequestedEnd? {
        switch (self["until"], self["duration"]) {
        case (nil, nil), (.null?, nil): return nil
        case (.some, .some): throw Refusal(.incomplete, "Give either until or duration, not both.")
        case (.string(let text)?, nil): return try RequestedEnd(text)
        case (.some, nil): throw Refusal(.malformed, "The end must be a string such as \"18:00\".")
        case (nil, let duration?): return .after(try Duration(requested: duration, counting: unit))
        }
    }
}

extension RequestedEnd {
    fileprivate init(_ text: String) throws(Refusal) {
        switch text.trimmed.lowercased() {
        case "next": self = .nextSwitchpoint
        case "forever": self = .never
        default:
            switch WrittenTime(text) {
            case .instant(let instant)?: self = .at(instant)
            case .local(let local)?: self = .atLocal(local)
            case .day(let day)?: self = .endOf(day)
            case .timeOfDay(let time)?: self = .atLocalTime(time)
            case nil:
                throw Refusal(
                    .malformed,
                    """
                    The end "\(text.excerpt)" is not a time; write 18:00, 2026-11-24 18:00, 2026-11-24T18:00:00Z, next or \
                    forever.
                    """
                )
            }
        }
    }
}

extension Duration {
    /// - Parameter unit: What a number without a unit counts.
    fileprivate init(requested value: JSONValue, counting unit: BareDuration) throws(Refusal) {
        do throws(DurationTextError) {
            if let count = value.countWithoutUnit {
                self = try Duration(checking: count, unit: unit.seconds, text: value.plainText)
                return
            }
            if case .string(let text) = value {
                self = try Duration(parsing: text.trimmed)
                return
            }
        } catch {
            throw Refusal(.malformed, error.description)
        }
        guard case .object(let members) = value else {
            throw Refusal(
                .malformed,
                "The duration is not a whole number of \(unit.rawValue), or 90m, 01:30, PT1H30M or {\"hours\":1}."
            )
        }
        self = try Duration(requested: members, in: value)
    }

    /// Reads `{"hours":1,"minutes":30}`.
    private init(requested members: [JSONValue.Member], in object: JSONValue) throws(Refusal) {
        let units: KeyValuePairs = ["days": 86400.0, "hours": 3600, "minutes": 60, "seconds": 1]
        var total = 0.0
        for member in members {
            guard let unit = units.first(where: { $0.key == member.key })?.value else {
                throw Refusal.unknownKey(member.key, known: units.map(\.key))
            }
            guard let number = member.value.numberInAnyForm, number >= 0 else {
                throw Refusal(.malformed, "The \(member.key) of the duration are not a number such as 30.")
            }
            total += number * unit
        }
        do throws(DurationTextError) {
            self = try Duration(checking: total, unit: 1, text: object.text)
        } catch {
            throw Refusal(.malformed, error.description)
        }
    }
}

extension JSONValue {
    /// The whole number that it is, or that it has as text.
    fileprivate var countWithoutUnit: Double? {
        if let number = numberInAnyForm { return number == number.rounded() ? number : nil }
        // JSON has no 090.
        guard case .string(let text) = self, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Double(text)
    }

    /// The number that it is, or that it has as text, as templates write it: `21.5` and `"21.5"`.
    var numberInAnyForm: Double? {
        switch self {
        case .integer(let integer): return Double(integer)
        case .number(let number): return number
        case .string(let text):
            // Swift itself would also take nan, inf and 0x15.
            guard let value = try? JSONValue(parsing: text) else { return nil }
            if case .string = value { return nil }
            return value.numberInAnyForm
        case .null, .bool, .array, .object: return nil
        }
    }
}
