import Basics
import TestBasics
import Testing

@Suite("Times of day")
struct TimeOfDayTests {
    @Test(
        "A time is read with one or two digits for the hour, and with seconds or none",
        arguments: [
            ("07:00", "07:00", 25200), ("7:00", "07:00", 25200), ("07:00:00", "07:00", 25200), ("00:00", "00:00", 0),
            ("23:59:59", "23:59:59", 86399), ("7:05:09", "07:05:09", 25509),
        ]
    )
    func reads(text: String, description: String, seconds: Int) throws {
        let time = try #require(TimeOfDay(text))
        #expect(time.description == description)
        #expect(time.secondsSinceMidnight == seconds)
        #expect(TimeOfDay(time.withSeconds) == time)
        #expect(TimeOfDay(hour: time.hour, minute: time.minute, second: time.second) == time)
    }

    @Test(
        "What the clock does not show is refused",
        arguments: [
            "", "7", "07", "24:00", "07:60", "07:00:60", "7:0", "07:000", "007:00", "07:00:", "07:00:0", ":00", "-1:00",
            "07.00", "0700", "07:00 ", " 07:00", "07:00:00.0", "7:00pm", "٠٧:٠٠",
        ]
    )
    func refuses(text: String) {
        #expect(TimeOfDay(text) == nil)
    }

    @Test("Numbers that the clock does not have are refused")
    func refusesNumbers() {
        #expect(TimeOfDay(hour: 24, minute: 0) == nil)
        #expect(TimeOfDay(hour: -1, minute: 0) == nil)
        #expect(TimeOfDay(hour: 0, minute: 60) == nil)
        #expect(TimeOfDay(hour: 0, minute: 0, second: 60) == nil)
    }

    @Test("The cloud's form has seconds, and earlier times are less")
    func formsAndOrder() {
        #expect(("07:00" as TimeOfDay).withSeconds == "07:00:00")
        #expect(("06:59:59" as TimeOfDay) < "07:00")
        #expect(TimeOfDay.midnight == "00:00")
    }
}

@Suite("Weekdays")
struct WeekdayTests {
    @Test("Days are read by name in any case, and by the cloud's numbers from Monday = 0")
    func reads() {
        #expect(Weekday(name: "Monday") == .monday)
        #expect(Weekday(name: "SUNDAY") == .sunday)
        #expect(Weekday(name: "thursday") == .thursday)
        #expect(Weekday(rawValue: 0) == .monday)
        #expect(Weekday(rawValue: 6) == .sunday)
    }

    @Test("Other names and numbers are refused", arguments: ["", "mon", "Monday ", "Montag", "0"])
    func refuses(name: String) {
        #expect(Weekday(name: name) == nil)
        #expect(Weekday(rawValue: 7) == nil)
        #expect(Weekday(rawValue: -1) == nil)
    }

    @Test("A week begins on Monday, and its names come in both forms")
    func names() {
        #expect(
            Weekday.allCases.map(\.name).joined(separator: " ")
                == "monday tuesday wednesday thursday friday saturday sunday"
        )
        #expect(Weekday.wednesday.capitalizedName == "Wednesday")
        #expect(Weekday.allCases.sorted() == Weekday.allCases)
    }
}
