import Foundation
import SimulatorTestSupport
import TCCSimulator
import TestBasics
import TestSupport
import Testing

@Suite("Commands outlive the process: each has one outcome, and its call is made once", .timeLimit(.minutes(60)))
struct JournalTests {
    private static let kitchen = "evohome/home/zone/kitchen"

    @Test("Killed at random moments")
    func randomKills() async throws {
        let kills = testLength("TEST_COMMAND_KILLS", standard: 3)
        try await World.exists({ $0.loginLimit = .unlimited }) { world in
            _ = try await world.command(["login"], password: "password")
            var random = SeededGenerator(seed: testLength("TEST_COMMAND_SEED", standard: 1))
            let zones = ["kitchen", "hall", "study"].map { "evohome/home/zone/\($0)" }
            var (sent, without, double) = (0, 0, 0)
            for round in 0..<kills {
                world.watcher.forget()
                world.cloud.clearRequests()
                var wanted: [String: (zone: String, setpoint: Double)] = [:]
                var moment = Duration.zero
                try await world.bridge(flags: ["--cloud-schedules-interval", "0"]) { process in
                    try await isOnline(world)
                    for number in 0..<6 {
                        let id = "\(round)-\(number)"
                        let zone = zones[number % zones.count]
                        let setpoint = 15 + Double((round * 6 + number) % 20) / 2
                        wanted[id] = (zone, setpoint)
                        try await world.watcher.say(
                            #"{"setpoint":\#(setpoint),"until":"forever","id":"\#(id)"}"#,
                            on: "\(zone)/set"
                        )
                        try await Task.sleep(for: .milliseconds(Int.random(in: 0..<60, using: &random)))
                    }
                    moment = .milliseconds(Int.random(in: 0..<900, using: &random))
                    try await Task.sleep(for: moment)
                    try await process.kill()
                }
                try await world.bridge(flags: ["--cloud-schedules-interval", "0"]) { _ in
                    try await eventually(timeout: .seconds(60)) {
                        wanted.keys.allSatisfy { !outcomes(of: $0, in: world).isEmpty }
                    }
                    // Nothing comes late.
                    try await Task.sleep(for: .milliseconds(500))
                }
                sent += wanted.count
                for (id, command) in wanted {
                    let outcomes = outcomes(of: id, in: world)
                    without += outcomes.isEmpty ? 1 : 0
                    double += outcomes.count > 1 ? 1 : 0
                    #expect(outcomes.count == 1, "round \(round), killed \(moment) after the last: \(id): \(outcomes)")
                    let calls = world.setpointCalls().filter { $0.setpoint == command.setpoint }
                    #expect(calls.count <= 1, "round \(round): \(calls.map(\.body))")
                }
            }
            print("Kills: \(kills), commands: \(sent), without an outcome: \(without), with two: \(double)")
        }
    }

    @Test("Stopped while a command is followed: the next run says what became of it, on its response topic, too")
    func stoppedWhileFollowed() async throws {
        try await World.exists { world in
            try await world.bridge { process in
                try await isOnline(world)
                try world.cloud.setGatewayAway(true)
                try await world.watcher.say(
                    #"{"setpoint":22.5,"id":"x"}"#,
                    on: "\(Self.kitchen)/set",
                    answerOn: "me/answers"
                )
                try await eventually { world.setpointCalls().count == 1 }
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(outcomes(of: "x", in: world).isEmpty)
            try world.cloud.setGatewayAway(false)
            try await world.bridge { _ in
                try await eventually(timeout: .seconds(40)) { outcomes(of: "x", in: world).count == 1 }
                #expect(world.watcher.json(on: "\(Self.kitchen)/result")?["outcome"] as? String == "succeeded")
                try await eventually { world.watcher.json(on: "me/answers")?["outcome"] as? String == "succeeded" }
            }
            #expect(world.setpointCalls().count == 1)
        }
    }

    @Test("Killed before the cloud's answer: what it shows decides", arguments: [true, false])
    func killedBeforeTheAnswer(isCarriedOut: Bool) async throws {
        try await World.exists { world in
            try await world.bridge { process in
                try await isOnline(world)
                let effect: Fault.Effect = isCarriedOut ? .delay(.seconds(600)...(.seconds(600))) : .hang
                world.cloud.inject(Fault(effect, for: RequestMatcher(method: "PUT")))
                try await world.watcher.say(#"{"setpoint":22.5,"id":"x"}"#, on: "\(Self.kitchen)/set")
                try await eventually { world.setpointCalls().count == 1 }
                try await process.kill()
            }
            try await world.bridge { _ in
                try await eventually(timeout: .seconds(60)) { outcomes(of: "x", in: world).count == 1 }
            }
            let result = try #require(world.watcher.json(on: "\(Self.kitchen)/result"))
            #expect(result["outcome"] as? String == (isCarriedOut ? "succeeded" : "failed"))
            if !isCarriedOut { #expect(result["code"] as? String == "interrupted") }
            #expect(world.setpointCalls().count == 1)
        }
    }

    @Test("Killed or stopped while it waits for the cloud: it goes out in the next run", arguments: [SIGKILL, SIGTERM])
    func killedWhileItWaits(signal: Int32) async throws {
        try await World.exists { world in
            try await world.bridge { process in
                try await isOnline(world)
                world.cloud.inject(Fault(.respond(.html(503)), for: RequestMatcher(method: "PUT"), times: nil))
                try await world.watcher.say(#"{"setpoint":22.5,"id":"x"}"#, on: "\(Self.kitchen)/set")
                try await eventually { world.setpointCalls().contains { $0.status == 503 } }
                try await Task.sleep(for: .milliseconds(200))
                process.signal(signal)
                _ = try await process.ending()
            }
            world.cloud.removeFaults()
            try await world.bridge { _ in
                try await eventually(timeout: .seconds(60)) { outcomes(of: "x", in: world).count == 1 }
            }
            #expect(world.watcher.json(on: "\(Self.kitchen)/result")?["outcome"] as? String == "succeeded")
            #expect(world.setpointCalls().count { $0.status != 503 } == 1)
        }
    }

    @Test("It expires in the next run as it would have in the first")
    func expires() async throws {
        try await World.exists { world in
            try await world.bridge(flags: ["--commands-expiry", "2s"]) { process in
                try await isOnline(world)
                world.cloud.inject(Fault(.respond(.html(503)), for: RequestMatcher(method: "PUT"), times: nil))
                try await world.watcher.say(#"{"setpoint":22.5,"id":"x"}"#, on: "\(Self.kitchen)/set")
                try await eventually { world.setpointCalls().contains { $0.status == 503 } }
                try await Task.sleep(for: .milliseconds(200))
                try await process.kill()
            }
            world.cloud.removeFaults()
            try await Task.sleep(for: .seconds(2))
            let before = world.setpointCalls().count
            try await world.bridge(flags: ["--commands-expiry", "2s"]) { _ in
                try await eventually(timeout: .seconds(30)) { outcomes(of: "x", in: world).count == 1 }
            }
            #expect(world.watcher.json(on: "\(Self.kitchen)/result")?["outcome"] as? String == "expired")
            #expect(world.setpointCalls().count == before)
        }
    }

    @Test(
        "A disk that gets full loses no command: room for the journal was kept before",
        .enabled(if: TamperedSystem.compiler != nil, "Left out: no C compiler (clang or cc) is on PATH.")
    )
    func fullDisk() async throws {
        try await World.exists { world in
            let disk = try await TamperedSystem(in: world.directory)
            try await world.bridge(environment: disk.environment) { process in
                try await isOnline(world)
                guard roomOnDisk(of: "\(world.stateFile.path()).evohome.journal") > 100_000 else {
                    return print("Left out: this file system keeps no room for a file")
                }
                try disk.setDisk(isFull: true)
                try world.cloud.setGatewayAway(true)
                try await world.watcher.say(#"{"setpoint":22.5,"id":"x"}"#, on: "\(Self.kitchen)/set")
                try await eventually { world.setpointCalls().count == 1 }
                try await Task.sleep(for: .milliseconds(200))
                try await process.kill()
            }
            if world.setpointCalls().isEmpty { return }
            try world.cloud.setGatewayAway(false)
            try await world.bridge(environment: disk.environment) { _ in
                try await eventually(timeout: .seconds(40)) { outcomes(of: "x", in: world).count == 1 }
            }
            #expect(world.watcher.json(on: "\(Self.kitchen)/result")?["outcome"] as? String == "succeeded")
            #expect(world.setpointCalls().count == 1)
        }
    }

    @Test("A journal that another version wrote is set aside, and one that is damaged holds up nothing")
    func foreignJournal() async throws {
        try await World.exists { world in
            let folder = world.stateFile.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let journal = folder.appending(path: "state.json.evohome.journal")
            try Data("99 {\"journal\":99}\n".utf8).write(to: journal)
            let ending = try await world.bridge { _ in
                try await isOnline(world)
                try await world.watcher.say(#"{"setpoint":22.5,"id":"x"}"#, on: "\(Self.kitchen)/set")
                try await eventually { outcomes(of: "x", in: world).count == 1 }
            }
            #expect(ending.log.contains("set aside"))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
            #expect(names.contains { $0.hasPrefix("state.json.evohome.journal.damaged-") })
            let mode = try FileManager.default.attributesOfItem(atPath: journal.path())[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("An outcome that the broker did not take is given after the next connection, over a restart, too")
    func brokerIsAway() async throws {
        try await World.exists { world in
            try await world.bridge { process in
                try await isOnline(world)
                try world.cloud.setGatewayAway(true)
                try await world.watcher.say(#"{"setpoint":22.5,"id":"x"}"#, on: "\(Self.kitchen)/set")
                try await eventually { world.setpointCalls().count == 1 }
                await world.broker.kill()
                try world.cloud.setGatewayAway(false)
                try await Task.sleep(for: .seconds(12))
                try await process.kill()
                try await world.broker.start()
                try await eventually(timeout: .seconds(30)) { (try? await world.watcher.say("", on: "nobody")) != nil }
            }
            try await world.bridge { _ in
                try await eventually(timeout: .seconds(40)) { outcomes(of: "x", in: world).count == 1 }
            }
            #expect(world.watcher.json(on: "\(Self.kitchen)/result")?["outcome"] as? String == "succeeded")
            #expect(world.setpointCalls().count == 1)
        }
    }

    /// The different outcomes of a command. One may arrive twice, word for word, if its acknowledgement was lost.
    private func outcomes(of id: String, in world: World) -> Set<String> {
        let zones = ["kitchen", "hall", "study"].map { "evohome/home/zone/\($0)" }
        return Set(zones.flatMap { world.watcher.said(on: "\($0)/result") }.filter { $0.contains("\"id\":\"\(id)\"") })
    }

    private func isOnline(_ world: World) async throws {
        try await eventually(timeout: .seconds(30)) { world.watcher.last(on: "evohome/bridge/state") == "online" }
    }
}

extension RecordedRequest {
    /// The setpoint that it asks for, in °C.
    fileprivate var setpoint: Double? {
        let json = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        return json?.first { $0.key.lowercased() == "heatsetpointvalue" }?.value as? Double
    }
}
