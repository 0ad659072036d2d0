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
                let result = "evohome/home/zone/kitchen/result"
                try await eventually(timeout: .seconds(30)) {
                    world.watcher.last(on: "evohome/bridge/state") == "online"
                }
                try disk.setSync(takes: .seconds(15))
                let began = ContinuousClock.now
                // It would take the lock over from a bridge that gives no sign of life while its disk stands.
                let lender = Task { try await world.command(["tokens", "lend", "--valid-for", "5s"]) }
                var number = 0
                while began.duration(to: .now) < .seconds(35) {
                    number += 1
                    let asked = ContinuousClock.now
                    let setpoint = 15 + Double(number % 10)
                    try await world.watcher.say(
                        #"{"setpoint":\#(setpoint),"until":"forever"}"#,
                        on: "evohome/home/zone/kitchen/set"
                    )
                    try await eventually(timeout: .seconds(15)) { world.watcher.said(on: result).count >= number }
                    let took = asked.duration(to: .now)
                    slowest.withLock { $0 = max($0, took) }
                    try await Task.sleep(for: .seconds(1))
                }
                try disk.setSync(takes: .zero)
                let log = try await lender.value.log
                neighbour.withLock { $0 = log }
                let outcomes = world.watcher.said(on: result)
                #expect(outcomes.allSatisfy { $0.contains(#""outcome":"succeeded""#) }, "\(outcomes)")
                #expect(!world.watcher.said(on: "evohome/bridge/state").contains("offline"))
            }
            print("One core, slow disk: the slowest outcome came after \(slowest.withLock(\.self))")
            for log in [ending.log, neighbour.withLock(\.self)] {
                #expect(!log.contains("Took over"), "\(log.suffix(3000))")
                #expect(!log.contains("took over"), "\(log.suffix(3000))")
            }
            #expect(world.logins() <= 1)
        }
    }
}
