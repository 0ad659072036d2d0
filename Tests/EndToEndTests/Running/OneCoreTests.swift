import Foundation
import Synchronization
import TCCSimulator
import TestSupport
import Testing

@Suite(
    "On one core, with a disk whose syncs take 15 s",
    .enabled(if: TamperedSystem.compiler != nil, "Left out: no C compiler (clang or cc) is on PATH."),
    .timeLimit(.minutes(5))
)
struct OneCoreTests {
    @Test("no lock is lost, MQTT goes on, and each command has its outcome")
    func slowDisk() async throws {
        try await World.exists({ $0.tokenLifetime = .seconds(10) }) { world in
            _ = try await world.command(["login"], password: "password")
            let disk = try await TamperedSystem(in: world.directory)
            var environment = disk.environment
            environment["TAMPERING_ONE_CORE"] = "1"
            environment["LIBDISPATCH_COOPERATIVE_POOL_STRICT"] = "1"
            let slowest = Mutex(Duration.zero)
            let neighbour = Mutex("")
            let ending = try await world.bridge(environment: environment) { _ in
                try await eventually(timeout: .seconds(30)) {
                    world.watcher.last(on: "evohome/bridge/state") == "online"
                }
                try disk.setSync(takes: .seconds(15))
                let began = ContinuousClock.now
                // It would take the lock over from a bridge that gives no sign of life while its disk stands.
                let lender = Task { try await world.command(["tokens", "lend", "--valid-for", "5s"]) }
                var (number, asked): (Int, [String]) = (0, [])
                // A call to the cloud may wait for a token that has to be on the disk first; an answer that needs none may
                // not.
                while began.duration(to: .now) < .seconds(35) {
                    if number.isMultiple(of: 8) {
                        asked.append("yes-\(number)")
                        try await say(#"{"setpoint":\#(15 + number % 10),"id":"yes-\#(number)"}"#, in: world)
                    }
                    number += 1
                    let moment = ContinuousClock.now
                    try await say(#"{"setpoint":99,"id":"no-\#(number)"}"#, in: world)
                    try await eventually(timeout: .seconds(10)) { outcome(of: "no-\(number)", in: world) != nil }
                    slowest.withLock { $0 = max($0, moment.duration(to: .now)) }
                    try await Task.sleep(for: .seconds(1))
                }
                try disk.setSync(takes: .zero)
                let log = try await lender.value.log
                neighbour.withLock { $0 = log }
                for id in asked {
                    try await eventually(timeout: .seconds(60)) { outcome(of: id, in: world) != nil }
                    let said = outcome(of: id, in: world) ?? ""
                    #expect(said.contains("succeeded") || said.contains("superseded"), "\(said)")
                }
                #expect(!world.watcher.said(on: "evohome/bridge/state").contains("offline"))
            }
            print("One core, slow disk: the slowest answer came after \(slowest.withLock(\.self))")
            for log in [ending.log, neighbour.withLock(\.self)] {
                #expect(!log.contains("Took over"), "\(log.suffix(3000))")
                #expect(!log.contains("took over"), "\(log.suffix(3000))")
            }
            #expect(world.logins() <= 1)
        }
    }

    private static let kitchen = "evohome/home/zone/kitchen"

    private func say(_ payload: String, in world: World) async throws {
        try await world.watcher.say(payload, on: "\(Self.kitchen)/set")
    }

    private func outcome(of id: String, in world: World) -> String? {
        world.watcher.said(on: "\(Self.kitchen)/result").first { $0.contains("\"id\":\"\(id)\"") }
    }
}
