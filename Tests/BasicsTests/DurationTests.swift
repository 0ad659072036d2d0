import Basics
import TestBasics
import Testing

@Suite("Durations")
struct DurationTests {
    @Test(
        "Every form is read, in either case",
        arguments: [
            ("90", 5400), ("1", 60), ("0090", 5400), ("90m", 5400), ("1h", 3600), ("1h30m", 5400), ("1H30M", 5400),
            ("3d", 259_200), ("1d2h3m4s", 93784), ("45s", 45), ("0h90m", 5400), ("PT1H30M", 5400), ("pt1h30m", 5400),
            ("PT90M", 5400), ("P3D", 259_200), ("P1DT12H", 129_600), ("P1W", 604_800), ("PT0H1S", 1),
            ("01:30", 5400), ("1:30", 5400), ("01:30:00", 5400), ("00:00:45", 45), ("90:00", 324_000),
            ("36500d", 3_153_600_000), ("P36500D", 3_153_600_000), ("52560000", 3_153_600_000),
        ]
    )
    func reads(text: String, seconds: Int) throws {
        #expect(try Duration(parsing: text) == .seconds(seconds))
    }

    @Test(
        "Where a unit is needed, a bare number is refused and everything else is read as ever",
        arguments: ["180", "0", "00", "0180", "52560001"]
    )
    func refusesBareNumbers(text: String) throws {
        let error = #expect(throws: DurationTextError.noUnit(text)) { try Duration(parsingWithUnit: text) }
        #expect(error?.description == "'\(text)' has no unit; write 45s, 90m, 1h30m or 3d.")
        #expect(try Duration(parsingWithUnit: "180s") == .seconds(180))
        #expect(try Duration(parsingWithUnit: "pt1h30m") == .seconds(5400))
        #expect(throws: DurationTextError.unreadable("1h30")) { try Duration(parsingWithUnit: "1h30") }
        #expect(throws: DurationTextError.unreadable("01:30")) { try Duration(parsingWithUnit: "01:30") }
        #expect(throws: DurationTextError.notPositive("0s")) { try Duration(parsingWithUnit: "0s") }
        #expect(throws: DurationTextError.tooLong("36501d")) { try Duration(parsingWithUnit: "36501d") }
    }

    @Test(
        "Junk is refused with the forms that are known",
        arguments: [
            "", " ", "m", "h", "1x", "1h30", "30m1h", "1h1h", "1.5h", "1,5h", "90 m", "+90", "1h 30m", "P", "PT",
            "P1DT",
            "T1H", "P1H", "PT1D", "PT1H30", "P1D1D", "PT1.5H", "1e3", "NaN", "inf", "0x10", "next", "1d\u{0}", "٩٠",
            "P1DT1HT1M", ":30", "1:3", "1:60", "01:30:60", "01:30:0", "01:30:00:00", "01:30m", "1:30 h", "01:",
        ]
    )
    func refusesJunk(text: String) throws {
        let error = #expect(throws: DurationTextError.unreadable(text)) { try Duration(parsing: text) }
        #expect(error?.description == "'\(text.excerpt)' is not a duration; write 90m, 1h30m, 3d or PT1H30M.")
    }

    @Test(
        "Zero and less is refused as such",
        arguments: ["0", "00:00", "0:00:00", "0m", "00", "PT0S", "-90", "-1h", "-PT1H"]
    )
    func refusesNothing(text: String) {
        let error = #expect(throws: DurationTextError.notPositive(text)) { try Duration(parsing: text) }
        #expect(error?.description == "'\(text)' is not a valid duration; it must be longer than zero.")
    }

    @Test(
        "What is too long is refused as such, and nothing overflows",
        arguments: [
            "36501d", "52560001", "36500d1s", "999999999999999999", "9223372036854775807d",
            "99999999999999999999999999999999", "P99999999999999999999D", "999999999999999999d", "P999999999999999999W",
        ]
    )
    func refusesTooLong(text: String) {
        let error = #expect(throws: DurationTextError.tooLong(text)) { try Duration(parsing: text) }
        #expect(error?.description == "'\(text)' is too long; the longest duration is 36500 d.")
    }

    @Test("Years and months are refused, since they differ in length", arguments: ["P1Y", "P1M", "P1Y2M", "p1mT1H"])
    func refusesCalendarUnits(text: String) {
        let error = #expect(throws: DurationTextError.noFixedLength(text)) { try Duration(parsing: text) }
        #expect(
            error?.description
                == "'\(text)' counts years or months, which vary in length; write weeks, days, hours or minutes."
        )
    }

    @Test("An error shows no more than the start of a long text")
    func cutsLongTexts() {
        let error = #expect(throws: DurationTextError.self) {
            try Duration(parsing: String(repeating: "x", count: 65536))
        }
        #expect(error?.description.count ?? 0 < 150)
    }

    @Test("A number of minutes or days is held to the same bounds")
    func counts() throws {
        #expect(try Duration(checking: 90, unit: 60) == .seconds(5400))
        #expect(try Duration(checking: 1.5, unit: 86400) == .seconds(129_600))
        #expect(try Duration(checking: 0.001, unit: 60) == .seconds(1))
        #expect(try Duration(checking: 52_560_000, unit: 60) == Duration.longestInText)
        #expect(throws: DurationTextError.notPositive("0")) { try Duration(checking: 0, unit: 60) }
        #expect(throws: DurationTextError.notPositive("-1e+300")) { try Duration(checking: -1e300, unit: 60) }
        #expect(throws: DurationTextError.notPositive("nan")) { try Duration(checking: .nan, unit: 60) }
        #expect(throws: DurationTextError.tooLong("52560001")) { try Duration(checking: 52_560_001, unit: 60) }
        #expect(throws: DurationTextError.tooLong("1e+300")) { try Duration(checking: 1e300, unit: 60) }
        #expect(throws: DurationTextError.tooLong("a lot")) {
            try Duration(checking: 40_000, unit: 86400, text: "a lot")
        }
    }

    @Test(
        "The cloud's time spans are read",
        arguments: [
            ("00:10:00", 600_000), ("01:00:00", 3_600_000), ("1.00:00:00", 86_400_000), ("99.00:00:00", 8_553_600_000),
            ("365.23:45:00", 31_621_500_000), ("00:00:00.5000000", 500), ("0.00:15:00", 900_000),
            ("1:00:00", 3_600_000),
        ]
    )
    func readsTimeSpan(text: String, milliseconds: Int) throws {
        #expect(try Duration(parsingTimeSpan: text) == .milliseconds(milliseconds))
    }

    @Test(
        "What is not a time span is refused",
        arguments: [
            ("", .unreadableTimeSpan("")), ("1", .unreadableTimeSpan("1")), ("00:10", .unreadableTimeSpan("00:10")),
            ("24:00:00", .unreadableTimeSpan("24:00:00")), ("00:60:00", .unreadableTimeSpan("00:60:00")),
            ("00:00:60", .unreadableTimeSpan("00:00:60")), ("1.00:00:00.", .unreadableTimeSpan("1.00:00:00.")),
            ("00:10:00Z", .unreadableTimeSpan("00:10:00Z")), ("1.:00:00", .unreadableTimeSpan("1.:00:00")),
            ("00:00:00", .notPositive("00:00:00")), ("-00:10:00", .notPositive("-00:10:00")),
            ("36501.00:00:00", .tooLong("36501.00:00:00")), ("36500.00:00:01", .tooLong("36500.00:00:01")),
            ("999999999.00:00:00", .unreadableTimeSpan("999999999.00:00:00")),
        ] as [(String, DurationTextError)]
    )
    func refusesTimeSpan(text: String, error: DurationTextError) {
        #expect(throws: error) { try Duration(parsingTimeSpan: text) }
        #expect(
            DurationTextError.unreadableTimeSpan("1").description
                == "'1' is not a valid time span; write [d.]hh:mm:ss, such as 00:10:00 or 1.00:00:00."
        )
    }

    @Test(
        "Durations are written for people",
        arguments: [
            (5400, "1 h 30 min"), (259_200, "3 d"), (45, "45 s"), (0, "0 s"), (93784, "1 d 2 h 3 min 4 s"),
            (600, "10 min"),
            (-5400, "-1 h 30 min"), (3601, "1 h 1 s"),
        ]
    )
    func readable(seconds: Int, expected: String) {
        #expect(Duration.seconds(seconds).readable == expected)
        #expect((Duration.seconds(seconds) + .milliseconds(seconds < 0 ? -999 : 999)).readable == expected)
    }
}
