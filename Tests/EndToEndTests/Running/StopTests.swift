import Foundation
import Synchronization
import TCCSimulator
import TestSupport
import Testing

@Suite(
    "SIGTERM in any state ends the bridge within eight seconds, with its tokens safe",
    .serialized,
    .timeLimit(.minutes(10))
)
struct StopTests {
    private static let limit = Duration.seconds(8)

    /// A state to be stopped in, and how to get there.
    struct State: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var tokenLifetime = Duration.seconds(1800)
        var flags: [String] = []
        var needsBadDisk = false
        let reach: @Sendable (World, BridgeProcess, TamperedSystem?) async throws -> Void

        init(
            _ name: String,
            tokenLifetime: Duration = .seconds(1800),
            flags: [String] = [],
            needsBadDisk: Bool = false,
            reach: @escaping @Sendable (World, BridgeProcess, TamperedSystem?) async throws -> Void
        ) {
            testDescription = name
            self.tokenLifetime = tokenLifetime
            self.flags = flags
            self.needsBadDisk = needsBadDisk
            self.reach = reach
        }
    }

    @Test("while something is under way", arguments: State.all)
    func ends(state: State) async throws {
        if state.needsBadDisk, TamperedSystem.compiler == nil { return }
        try await World.exists({ $0.tokenLifetime = state.tokenLifetime }) { world in
            let disk = state.needsBadDisk ? try await TamperedSystem(in: world.directory) : nil
            let seconds = Mutex(Duration.zero)
            let ending = try await world.bridge(flags: state.flags, environment: disk?.environment ?? [:]) { process in
                try await state.reach(world, process, disk)
                let began = ContinuousClock.now
                process.signal(SIGTERM)
                _ = try await process.ending()
                seconds.withLock { $0 = began.duration(to: .now) }
            }
            let took = seconds.withLock(\.self)
            print("SIGTERM, \(state.testDescription): exit \(ending.exitCode ?? -1) after \(took)")
            #expect(ending.exitCode == 0, "\(ending.log.suffix(2000))")
            #expect(took < Self.limit, "\(ending.log.suffix(2000))")
        }
    }

    @Test("A refresh that is answered within six seconds is saved, and costs no login at the next start")
    func refreshIsSaved() async throws {
        try await World.exists({ $0.tokenLifetime = .seconds(2) }) { world in
            _ = try await world.command(["login"], password: "password")
            world.cloud.inject(
                Fault(.delay(.seconds(4)...(.seconds(4))), for: RequestMatcher(grantType: "refresh_token"))
            )
            try await world.bridge { process in
                try await eventually { world.refreshes() == 1 }
                _ = try await process.stop()
            }
            world.cloud.removeFaults()
            world.watcher.forget()
            try await world.bridge { _ in
                try await eventually { world.cloudState() == "ok" && world.refreshes() >= 2 }
            }
            #expect(world.logins() == 1)
            #expect(world.refusedRefreshes() == 0)
        }
    }

    @Test("While another process holds the state file at the start")
    func lockedAtTheStart() async throws {
        try await World.exists { world in
            let cloud = try await world.cloud.url
            try FileManager.default.createDirectory(
                at: world.stateFile.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            world.cloud.inject(Fault(.hang, for: .tokens, times: nil))
            let holder = try await BridgeProcess.start(
                arguments: [
                    "login", "--cloud-url", cloud, "--state-file", world.stateFile.path(),
                    "--account-username", "user@example.com",
                ],
                environment: ["EVOHOME_ACCOUNT_PASSWORD": "password"]
            )
            try await eventually { world.logins() == 1 }
            let began = Mutex(ContinuousClock.now)
            let ending = try await world.bridge { process in
                try await process.answersSignals()
                try await Task.sleep(for: .seconds(1))
                began.withLock { $0 = .now }
                _ = try await process.stop()
            }
            let took = began.withLock(\.self).duration(to: .now)
            print("SIGTERM, while the state file is locked: exit \(ending.exitCode ?? -1) after \(took)")
            #expect(ending.exitCode == 0, "\(ending.log.suffix(2000))")
            #expect(took < .seconds(8))
            try await holder.kill()
        }
    }
}

extension StopTests.State {
    static let all = [
        login, refresh, firstStatus, installation, idle, deadBroker, silentBroker, frozenBroker, fullDisk, slowDisk,
        slowDiskAtStart, waitingCommands, followedCommands, callUnderWay, restore,
    ]

    private static let login = Self("a login hangs") { world, _, _ in
        world.cloud.inject(Fault(.hang, for: RequestMatcher(grantType: "password"), times: nil))
        try await eventually { world.logins() == 1 }
    }

    private static let refresh = Self("a refresh hangs", tokenLifetime: .seconds(3)) { world, _, _ in
        try await isOnline(world)
        world.cloud.inject(Fault(.hang, for: RequestMatcher(grantType: "refresh_token"), times: nil))
        let before = world.refreshes()
        try await eventually { world.refreshes() > before }
    }

    private static let firstStatus = Self("the first reading hangs") { world, _, _ in
        world.cloud.inject(Fault(.hang, for: RequestMatcher(path: "/status"), times: nil))
        try await eventually { world.readings() >= 1 }
    }

    private static let installation = Self("the installation hangs") { world, _, _ in
        let installation = RequestMatcher(path: "installationInfo")
        world.cloud.inject(Fault(.hang, for: installation, times: nil))
        try await eventually { world.cloud.requests(installation).count >= 1 }
    }

    private static let idle = Self("nothing is under way") { world, _, _ in try await isOnline(world) }

    private static let deadBroker = Self("the broker is dead") { world, _, _ in
        try await isOnline(world)
        await world.broker.kill()
        try await Task.sleep(for: .milliseconds(500))
    }

    private static let frozenBroker = Self("the broker is frozen") { world, _, _ in
        try await isOnline(world)
        world.broker.freeze()
        try await Task.sleep(for: .seconds(1))
    }

    /// Nobody accepts, and nobody refuses: connecting takes as long as the kernel likes.
    private static let silentBroker = Self(
        "the broker is a black hole",
        flags: ["--mqtt-url", "mqtt://10.255.255.1:1883"]
    ) { world, _, _ in
        try await eventually { world.readings() >= 2 }
    }

    private static let fullDisk = Self("the disk is full", tokenLifetime: .seconds(2), needsBadDisk: true) {
        world,
        _,
        disk in
        try await isOnline(world)
        try disk?.setDisk(isFull: true)
        let before = world.refreshes()
        try await eventually { world.refreshes() >= before + 2 }
    }

    private static let slowDisk = Self("each sync takes 15 s", tokenLifetime: .seconds(3), needsBadDisk: true) {
        world,
        _,
        disk in
        try await isOnline(world)
        try disk?.setSync(takes: .seconds(15))
        // Long enough for a token to be needed.
        try await Task.sleep(for: .seconds(5))
    }

    private static let slowDiskAtStart = Self("the first sync takes 15 s", needsBadDisk: true) { _, process, disk in
        try disk?.setSync(takes: .seconds(15))
        try await process.answersSignals()
        try await Task.sleep(for: .seconds(1))
    }

    private static let waitingCommands = Self("commands wait for the cloud") { world, _, _ in
        try await isOnline(world)
        world.cloud.inject(Fault(.respond(.html(503)), for: RequestMatcher(method: "PUT"), times: nil))
        try await world.watcher.say("22", on: "evohome/home/zone/kitchen/set/setpoint")
        try await eventually { !world.setpointCalls().isEmpty }
    }

    private static let followedCommands = Self("a command is followed") { world, _, _ in
        try await isOnline(world)
        try world.cloud.setGatewayAway(true)
        try await world.watcher.say("22", on: "evohome/home/zone/kitchen/set/setpoint")
        try await eventually { !world.setpointCalls().isEmpty }
        try await Task.sleep(for: .milliseconds(300))
    }

    private static let callUnderWay = Self("the call of a command hangs") { world, _, _ in
        try await isOnline(world)
        world.cloud.inject(Fault(.hang, for: RequestMatcher(method: "PUT"), times: nil))
        try await world.watcher.say("22", on: "evohome/home/zone/kitchen/set/setpoint")
        try await eventually { !world.setpointCalls().isEmpty }
    }

    private static let restore = Self("schedules are restored") { world, _, _ in
        try await isOnline(world)
        let backup = try await world.ask("schedules_backup").answer
        let data = try #require(backup["data"] as? [String: Any])
        let request = String(decoding: try JSONSerialization.data(withJSONObject: data), as: UTF8.self)
        world.cloud.inject(Fault(.hang, for: RequestMatcher(method: "GET", path: "/schedule"), times: nil))
        let schedules = RequestMatcher(path: "/schedule")
        let before = world.cloud.requests(schedules).count
        try await world.watcher.say(request, on: "evohome/bridge/request/schedules_restore")
        try await eventually { world.cloud.requests(schedules).count > before }
    }

    private static func isOnline(_ world: World) async throws {
        try await eventually(timeout: .seconds(30)) { world.watcher.last(on: "evohome/bridge/state") == "online" }
    }
}

extension BridgeProcess {
    /// Waits until SIGTERM does not simply end the process any more.
    fileprivate func answersSignals() async throws {
        try await eventually(timeout: .seconds(30)) {
            let status = (try? String(contentsOfFile: "/proc/\(self.processIdentifier)/status", encoding: .utf8)) ?? ""
            // Caught or ignored: the kernel's default would end the process.
            let masks = status.split(separator: "\n").filter { $0.hasPrefix("SigIgn:") || $0.hasPrefix("SigCgt:") }
                .compactMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) }
            let mask = masks.reduce(0, |)
            return mask & (1 << UInt64(SIGTERM - 1)) != 0
        }
    }
}
