import Basics
import BridgeCore
import Foundation
import HeatingModel
import Testing

@Suite("Schedules under names")
struct ScheduleLibraryTests {
    private let now: Instant

    init() throws {
        now = try moment("2026-11-28T12:00:00Z")
    }

    private func saved(_ count: Int = 1) throws -> ScheduleLibrary.Saved {
        let schedule = try MillHouse.schedule()
        let entries = (0..<count).map { index in
            ScheduleBackup.Entry(id: "\(index)", name: "Room \(index)", location: "Home", schedule: .zone(schedule))
        }
        return .init(at: now, schedules: ScheduleBackup(entries: entries))
    }

    private static let names = [
        "winter", "Лето 2026", "冬", "../../etc/passwd", "/", "a\\b", "nul\0", "\u{202e}evil", "👨‍👩‍👧‍👦", "\"quoted\"", "+/#",
        String(repeating: "w", count: 64), "with\nlines", "__proto__",
    ]

    @Test("Any name keeps what is saved under it, over a file as well", arguments: names)
    func anyName(text: String) throws {
        let name = try ScheduleLibrary.Name(text)
        var library = ScheduleLibrary()
        let isReplaced = try library.save(try saved(), as: name)
        #expect(!isReplaced)
        let file = try JSONEncoder().encode(library)
        #expect(try JSONDecoder().decode(ScheduleLibrary.self, from: file) == library)
        #expect(try library.schedules(savedAs: name) == saved().schedules)
        try library.delete(name)
        #expect(library == ScheduleLibrary())
    }

    @Test(
        "A blank or endless name is refused",
        arguments: ["", " ", "\n\t", String(repeating: "w", count: 65), "a" + String(repeating: "\u{301}", count: 200)]
    )
    func badName(text: String) {
        #expect(throws: Refusal.self) { try ScheduleLibrary.Name(text) }
    }

    @Test("Two ways to write one name are one name, and a second save replaces the first")
    func sameName() throws {
        var library = ScheduleLibrary()
        let first = try library.save(try saved(), as: ScheduleLibrary.Name("\u{e9}t\u{e9}"))
        let second = try library.save(try saved(2), as: ScheduleLibrary.Name("e\u{301}te\u{301}"))
        #expect(!first && second)
        #expect(library.all.map(\.saved.schedules.entries.count) == [2])
    }

    @Test("A name that is not known is told with those that are")
    func unknown() throws {
        var library = ScheduleLibrary()
        let winter = try ScheduleLibrary.Name("winter")
        let none = #expect(throws: Refusal.self) { try library.schedules(savedAs: winter) }
        #expect(none?.message == "No schedules are saved as \"winter\"; no schedules are saved.")
        _ = try library.save(try saved(), as: ScheduleLibrary.Name("summer"))
        let other = #expect(throws: Refusal.self) { try library.delete(winter) }
        #expect(other?.message == "No schedules are saved as \"winter\"; known names: summer.")
    }

    @Test("It has room for fifty names and twenty thousand schedules, and what is there is never pushed out")
    func bounds() throws {
        var library = ScheduleLibrary()
        for number in 1...50 { _ = try library.save(try saved(), as: ScheduleLibrary.Name("\(number)")) }
        let one = try saved()
        let full = #expect(throws: Refusal.self) { try library.save(one, as: ScheduleLibrary.Name("51")) }
        #expect(full?.message.hasPrefix("50 names are in use") == true)
        let isReplaced = try library.save(one, as: ScheduleLibrary.Name("50"))
        #expect(isReplaced)
        let large = try saved(19_952)
        let before = library
        #expect(throws: Refusal.self) { try library.save(large, as: ScheduleLibrary.Name("50")) }
        #expect(library == before)
    }

    @Test("The list says what is saved under each name, and since when")
    func list() throws {
        var library = ScheduleLibrary()
        _ = try library.save(try saved(2), as: ScheduleLibrary.Name("winter"))
        _ = try library.save(try saved(), as: ScheduleLibrary.Name("autumn"))
        #expect(
            library.list.text == """
                [{"name":"autumn","saved":"2026-11-28T12:00:00Z","zones":["Room 0"]},\
                {"name":"winter","saved":"2026-11-28T12:00:00Z","zones":["Room 0","Room 1"]}]
                """
        )
    }

    @Test("What is saved in the file is a backup, which can be restored by hand")
    func file() throws {
        var library = ScheduleLibrary()
        _ = try library.save(try saved(), as: ScheduleLibrary.Name("winter"))
        let json = try JSONValue(parsing: Array(JSONEncoder().encode(library)))
        let backup = try #require(json["winter"]?["backup"])
        #expect(try ScheduleBackup(backup) == saved().schedules)
    }

    @Test("JSON of every kind is the same after encoding and decoding")
    func coding() throws {
        let text = #"{"a":[1,2.5,"x",true,null,[],{}],"b":{"c":"\u0000é"},"d":-7}"#
        let value = try JSONValue(parsing: text)
        let coded = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
        #expect(coded == value)
    }
}
