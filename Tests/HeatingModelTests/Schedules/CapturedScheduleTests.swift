import Basics
import Foundation
import HeatingModel
import TestBasics
import Testing

/// Homes as the cloud reported them, where they are at hand.
private let folder = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["EVOHOME_FIXTURES"] ?? "../shared/fixtures"
)

@Suite(.enabled(if: FileManager.default.fileExists(atPath: folder.path)))
struct CapturedScheduleTests {
    private struct Captured: Decodable {
        struct Day: Decodable {
            let dayOfWeek: String
            let switchpoints: [Switchpoint]
        }

        struct Switchpoint: Decodable {
            let timeOfDay: String
            let heatSetpoint: Temperature?
            let dhwState: String?
        }

        let dailySchedules: [Day]
    }

    private static func files(named pattern: some RegexComponent) throws -> [URL] {
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return files.compactMap { $0 as? URL }.filter { $0.lastPathComponent.contains(pattern) }
    }

    @Test("Every schedule that was captured could be written back, and has a current and a next switchpoint")
    func schedules() throws {
        let files = try Self.files(named: /^schedule_.*\.json$/)
        #expect(!files.isEmpty)
        for file in files {
            let captured = try JSONDecoder().decode(Captured.self, from: Data(contentsOf: file))
            var days: [Weekday: [Switchpoint<Temperature>]] = [:]
            for day in captured.dailySchedules {
                let weekday = try #require(Weekday(name: day.dayOfWeek))
                days[weekday] = try day.switchpoints.map { switchpoint in
                    let value: Temperature = switchpoint.heatSetpoint ?? (switchpoint.dhwState == "On" ? 35 : 5)
                    return Switchpoint(time: try #require(TimeOfDay(switchpoint.timeOfDay)), value: value)
                }
            }
            let schedule = Schedule(days: days)
            // Some thermostats answer without any days.
            if schedule.days.values.allSatisfy(\.isEmpty) { continue }
            #expect(schedule.problems(against: ScheduleLimits(), values: 5...35) == [], "\(file.path)")
            #expect(schedule.current(at: "2026-11-24T18:00:00Z", in: "Europe/London") != nil, "\(file.path)")
            #expect(schedule.next(after: "2026-11-24T18:00:00Z", in: "Europe/London") != nil, "\(file.path)")
        }
    }

    @Test("Every time zone that was captured is known")
    func timeZones() throws {
        let files = try Self.files(named: /^user_locations\.json$/)
        let names = try files.flatMap { file in
            try String(contentsOf: file, encoding: .utf8).matches(of: /"timeZoneId": *"([^"]*)"/).map { String($0.1) }
        }
        #expect(!names.isEmpty)
        for name in names {
            #expect(LocationTimeZone(windowsName: name)?.isExact == true, "\(name)")
        }
    }
}
