import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("The command schedules", .timeLimit(.minutes(2)))
struct SchedulesTests {
    @Test("A backup is restored where schedules have changed, and a second time nothing is left to write")
    func roundTrip() async throws {
        try await inABackedUpHouse { world, file in
            try file.change(#""time":"22:30""#, to: #""time":"21:30""#)
            let first = try await world.command(["schedules", "restore", file.path])
            #expect(first.exitCode == 0, "\(first.log)")
            #expect(first.output.contains("Kitchen: written\n"))
            #expect(world.schedulesWritten() == 7)
            let second = try await world.command(["schedules", "restore", file.path])
            #expect(second.exitCode == 0)
            #expect(second.output.split(separator: "\n").allSatisfy { $0.hasSuffix(": unchanged") })
            #expect(world.schedulesWritten() == 7)
            let shown = try await world.command(["schedules", "show", "kitchen"])
            #expect(shown.output.contains("21:30") && !shown.output.contains("22:30"))
        }
    }

    @Test("It goes on after a failure, and a repetition writes what is left")
    func failure() async throws {
        try await inABackedUpHouse { world, file in
            try file.change(#""time":"22:30""#, to: #""time":"21:30""#)
            world.cloud.inject(Fault(.respond(.html(503)), for: .init(method: "PUT", path: "2100005/schedule")))
            world.cloud.expectTasks(.fails, about: "zone schedule 2100007")
            let first = try await world.command(["schedules", "restore", file.path])
            #expect(first.exitCode == 69)
            #expect(first.output.contains("Kitchen: failed: The cloud answered 503"), "\(first.output)")
            #expect(first.output.contains("Bathroom: failed: The gateway did not carry it out."))
            #expect(first.output.contains("Study: written"))
            #expect(first.log.contains("2 of 7 schedules were not written"))
            world.cloud.clearRequests()
            let second = try await world.command(["schedules", "restore", file.path])
            #expect(second.exitCode == 0)
            #expect(second.output.contains("Kitchen: written") && second.output.contains("Study: unchanged"))
            #expect(world.schedulesWritten() == 2)
        }
    }

    @Test("A file with one bad schedule is refused before anything is written")
    func badFile() async throws {
        try await inABackedUpHouse { world, file in
            try file.change(#""time":"22:30""#, to: #""time":"22:31""#)
            let offGrid = try await world.command(["schedules", "restore", file.path])
            #expect(offGrid.exitCode == 65)
            #expect(offGrid.log.contains("Kitchen: Monday, switchpoint"), "\(offGrid.log)")
            world.cloud.clearRequests()
            try file.change(#""setpoint""#, to: #""warmth""#)
            let unread = try await world.command(["schedules", "restore", file.path])
            #expect(unread.exitCode == 65)
            #expect(unread.log.contains(#""Kitchen" (2100005): Monday, switchpoint 1"#))
            #expect(try await world.command(["schedules", "restore", "/nonexistent"]).exitCode == 66)
            #expect(world.cloud.requests().isEmpty)
        }
    }

    @Test("A file of evohome-async's is restored by name where its ids are of an earlier pairing")
    func foreign() async throws {
        try await World.exists { world in
            let file = BackupFile(world.directory.appending(path: "async.json"))
            let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map {
                #"{"day_of_week":"\#($0)","switchpoints":[{"heat_setpoint":19.5,"time_of_day":"08:00:00"}]}"#
            }
            try file.write(#"[{"zone_id":"77","name":"Kitchen","daily_schedules":[\#(days.joined(separator: ","))]}]"#)
            let ending = try await world.command(["schedules", "restore", file.path], password: "password")
            #expect(ending.output == "Kitchen: written\n")
            let shown = try await world.command(["schedules", "show", "kitchen", "--json"])
            let week = try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: [[String: Any]]]
            #expect(week?.count == 7)
            #expect(week?["sunday"]?.first?["setpoint"] as? Double == 19.5)
        }
    }

    @Test("A backup goes to standard output, and is not written where one cannot be made")
    func output() async throws {
        try await World.exists { world in
            let ending = try await world.command(["schedules", "backup", "-"], password: "password")
            #expect(ending.exitCode == 0)
            #expect(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) is [String: Any])
            #expect(ending.log == "Read 7 schedules.\n")
            let nowhere = try await world.command(["schedules", "backup", "\(world.stateFile.path())/backup.json"])
            #expect(nowhere.exitCode == 73)
            world.cloud.inject(Fault(.respond(.html(503)), for: .init(path: "2100007/schedule"), times: nil))
            let file = world.directory.appending(path: "backup.json")
            #expect(try await world.command(["schedules", "backup", file.path()]).exitCode == 69)
            #expect(!FileManager.default.fileExists(atPath: file.path()))
        }
    }

    @Test("A schedule is shown for a zone and for hot water, with one call")
    func show() async throws {
        try await World.exists { world in
            #expect(try await world.command(["status"], password: "password").exitCode == 0)
            world.cloud.clearRequests()
            let zone = try await world.command(["schedules", "show", "KITCHEN"])
            #expect(world.cloud.requests().count == 1)
            #expect(
                zone.output.split(separator: "\n").map { $0.prefix(3) } == [
                    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
                ]
            )
            let hotWater = try await world.command(["schedules", "show", "hot-water"])
            #expect(hotWater.output.contains("06:00 on"), "\(hotWater.output)")
            #expect(try await world.command(["schedules", "show", "cellar"]).exitCode == 65)
        }
    }

    @Test("What was backed up is so already, in every captured home", arguments: CapturedHome.all)
    func captured(home: CapturedHome) async throws {
        try await World.exists({ $0.homes = [.folder(home.folder.path())] }) { world in
            let file = world.directory.appending(path: "backup.json").path()
            #expect(try await world.command(["status"], password: "password").exitCode == 0)
            let backup = try await world.command(["schedules", "backup", file])
            #expect(backup.exitCode == 0, "\(backup.log)")
            guard !backup.log.contains("Read 0 schedules") else { return }
            let restored = try await world.command(["schedules", "restore", file])
            #expect(restored.exitCode == 0, "\(restored.log)")
            #expect(world.schedulesWritten() == 0)
        }
    }

    /// A house of which there is a backup.
    private func inABackedUpHouse(_ body: @escaping @Sendable (World, BackupFile) async throws -> Void) async throws {
        try await World.exists { world in
            let file = BackupFile(world.directory.appending(path: "backup.json"))
            let ending = try await world.command(["schedules", "backup", file.path], password: "password")
            #expect(ending.exitCode == 0)
            try await body(world, file)
        }
    }
}

/// A backup on disk.
private struct BackupFile: Sendable {
    let url: URL
    var path: String { url.path() }

    init(_ url: URL) {
        self.url = url
    }

    func write(_ text: String) throws {
        try text.write(to: url, atomically: true, encoding: .utf8)
    }

    func change(_ text: String, to other: String) throws {
        let before = try String(contentsOf: url, encoding: .utf8)
        try write(before.replacing(text, with: other))
    }
}

extension World {
    fileprivate func schedulesWritten() -> Int {
        cloud.requests(RequestMatcher(method: "PUT", path: "/schedule")).count
    }
}
