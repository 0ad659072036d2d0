import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Schedules under names", .timeLimit(.minutes(2)))
struct NamedSchedulesTests {
    private let kitchen = "evohome/home/zone/kitchen"

    @Test("They are saved, changed, listed, applied and deleted over MQTT; only what differs is written")
    func overMQTT() async throws {
        try await World.inARunningHouse(flags: ["--cloud-poll-interval", "60s"]) { world in
            let saved = try await world.ask("schedules_save", #"{"name":"winter ❄️","transaction":"t"}"#)
            #expect(saved.status == "ok" && saved.answer["transaction"] as? String == "t")
            #expect(results(saved.answer).count == 7 && Set(results(saved.answer).values) == ["saved"])
            let list = try await world.ask("schedules_list").answer["data"] as? [String: [[String: Any]]]
            #expect(list?["schedules"]?.map { $0["name"] as? String } == ["winter ❄️"])
            let saturday = #"{"saturday":[{"time":"09:00","setpoint":12}]}"#
            try await world.order(saturday, on: "\(kitchen)/schedule/set", "succeeded")
            try await world.order(saturday, on: "evohome/home/zone/study/schedule/set", "succeeded")
            world.cloud.clearRequests()
            let some = try await world.ask("schedules_apply", #"{"name":"winter ❄️","zones":["kitchen","hot_water"]}"#)
            #expect(some.status == "ok")
            #expect(results(some.answer) == ["Kitchen": "written", "Hot water": "already_so"])
            #expect(world.schedulesWritten() == 1)
            try await eventually { world.watcher.last(on: "\(kitchen)/schedule")?.contains("09:00") == false }
            world.cloud.inject(Fault(.respond(CannedResponse(status: 400, body: "[]")), for: .schedulePut))
            let all = try await world.ask("schedules_apply", #"{"name":"winter ❄️"}"#)
            #expect(all.status == "error")
            #expect((all.answer["error"] as? String)?.hasPrefix("1 of 7 schedules were not written") == true)
            #expect(results(all.answer).count == 7 && results(all.answer).values.count { $0 == "already_so" } == 6)
            #expect(try await world.ask("schedules_delete", #"{"name":"winter ❄️"}"#).status == "ok")
            #expect(try await world.ask("schedules_apply", #"{"name":"winter ❄️"}"#).status == "error")
        }
    }

    @Test("The command line does the same, in the same file")
    func onTheCommandLine() async throws {
        try await World.exists { world in
            let saved = try await world.command(["schedules", "save", "../winter"], password: "password")
            #expect(saved.exitCode == 0 && saved.output.contains("Kitchen: saved\n"), "\(saved.log)")
            let files = try world.folder().filter { $0.hasPrefix("state.json.schedules") }
            #expect(files == ["state.json.schedules", "state.json.schedules.lock"])
            #expect(try world.mode(of: "state.json.schedules") == 0o600)
            let backup = world.directory.appending(path: "backup.json")
            _ = try await world.command(["schedules", "backup", backup.path()])
            let changed = try String(contentsOf: backup, encoding: .utf8)
                .replacing(#""time":"22:30""#, with: #""time":"21:30""#)
            try changed.write(to: backup, atomically: true, encoding: .utf8)
            #expect(try await world.command(["schedules", "restore", backup.path()]).exitCode == 0)
            world.cloud.clearRequests()
            let some = try await world.command(["schedules", "apply", "../winter", "kitchen"])
            #expect(some.exitCode == 0 && some.output == "Kitchen: written\n", "\(some.output)\(some.log)")
            world.cloud.expectTasks(.fails, about: "zone schedule 2100007")
            let most = try await world.command(["schedules", "apply", "../winter"])
            #expect(most.exitCode == 69 && most.output.contains("Study: written"), "\(most.output)")
            #expect(most.output.contains("Bathroom: failed: The gateway did not carry it out."))
            #expect(most.output.contains("Kitchen: unchanged"))
            #expect(try await world.command(["schedules", "apply", "../winter"]).exitCode == 0)
            #expect(try await world.command(["schedules", "apply", "../winter", "cellar"]).exitCode == 65)
            let list = try await world.command(["schedules", "list"])
            #expect(list.output.hasPrefix("../winter: 7 schedules, saved at 20"), "\(list.output)")
            let json = try await world.command(["schedules", "list", "--json"]).output
            let names = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
            #expect(names?.map { $0["name"] as? String } == ["../winter"])
            #expect(try await world.command(["schedules", "delete", "summer"]).log.contains("known names: ../winter"))
            #expect(try await world.command(["schedules", "delete", "../winter"]).exitCode == 0)
            #expect(try await world.command(["schedules", "list"]).output == "")
            let empty = try await world.command(["schedules", "apply", "../winter"])
            #expect(empty.exitCode == 65 && empty.log.contains("no schedules are saved"))
        }
    }

    @Test("A bridge and commands that save at the same time lose nothing of each other")
    func together() async throws {
        try await World.inARunningHouse(flags: ["--cloud-poll-interval", "60s"]) { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...3 {
                    group.addTask {
                        let ending = try await world.command(["schedules", "save", "command \(number)"])
                        #expect(ending.exitCode == 0, "\(ending.log)")
                    }
                }
                for number in 1...3 {
                    let saved = try await world.ask("schedules_save", #"{"name":"bridge \#(number)"}"#)
                    #expect(saved.status == "ok")
                }
                try await group.waitForAll()
            }
            let list = try await world.command(["schedules", "list", "--json"]).output
            let saved = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]]
            let names = (1...3).flatMap { ["bridge \($0)", "command \($0)"] }.sorted()
            #expect(saved?.compactMap { $0["name"] as? String } == names)
        }
    }

    @Test("A damaged file is set aside with a warning, and one with a byte order mark is read")
    func damaged() async throws {
        try await World.exists { world in
            #expect(try await world.command(["schedules", "save", "winter"], password: "password").exitCode == 0)
            let file = world.stateFile.deletingLastPathComponent().appending(path: "state.json.schedules")
            let text = try String(contentsOf: file, encoding: .utf8)
            try "\u{feff}\(text)".write(to: file, atomically: true, encoding: .utf8)
            #expect(try await world.command(["schedules", "list"]).output.hasPrefix("winter: 7 schedules"))
            let damaged = text.replacing(#""time":"22:30""#, with: #""time":"half past ten""#)
            try damaged.write(to: file, atomically: true, encoding: .utf8)
            let list = try await world.command(["schedules", "list"])
            #expect(list.exitCode == 0 && list.output == "" && list.log.contains("set aside"), "\(list.log)")
            let kept = try #require(try world.folder().first { $0.hasPrefix("state.json.schedules.damaged-") })
            let left = file.deletingLastPathComponent().appending(path: kept)
            #expect(try String(contentsOf: left, encoding: .utf8) == damaged)
            #expect(try await world.command(["schedules", "save", "winter"]).exitCode == 0)
            #expect(try await world.command(["schedules", "list"]).output.hasPrefix("winter: 7 schedules"))
        }
    }
}

/// What an answer says of each zone, by name.
private func results(_ answer: [String: Any]) -> [String: String] {
    let schedules = (answer["data"] as? [String: Any])?["schedules"] as? [[String: Any]] ?? []
    return Dictionary(
        schedules.map { ($0["name"] as? String ?? "", $0["result"] as? String ?? "") },
        uniquingKeysWith: { first, _ in first }
    )
}

extension World {
    fileprivate func schedulesWritten() -> Int { cloud.requests(.schedulePut).count }

    /// The names in the folder of the state file.
    fileprivate func folder() throws -> [String] {
        let folder = stateFile.deletingLastPathComponent().path()
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    fileprivate func mode(of name: String) throws -> Int? {
        let file = stateFile.deletingLastPathComponent().appending(path: name).path()
        return try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    }
}

extension RequestMatcher {
    fileprivate static var schedulePut: RequestMatcher { RequestMatcher(method: "PUT", path: "/schedule") }
}
