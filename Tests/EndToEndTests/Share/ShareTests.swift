import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Sharing, with a real cloud, broker and program", .serialized, .timeLimit(.minutes(3)))
struct ShareTests {
    private let share: Share

    init() throws { share = try Share() }

    /// A bridge that shares a home whose clock stands still between polls.
    private func sharing(
        _ flags: [String] = [],
        homes: [HomeSource] = [.builtIn("house")],
        _ body: @escaping @Sendable (World, BridgeProcess) async throws -> Void
    ) async throws {
        try await World.exists { configuration in
            configuration.homes = homes
            configuration.loginLimit = LoginLimit(attempts: 1_000, window: .seconds(1))
        } _: { world in
            try await world.bridge(flags: share.flags + flags) { process in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await body(world, process)
            }
        }
    }

    @Test(
        "Every GET of every built-in home is answered as the cloud answers it, byte for byte",
        arguments: BuiltInHome.all.map(\.name)
    )
    func walk(home: String) async throws {
        try await sharing(homes: [.builtIn(home)]) { world, _ in
            let cloud = try await CloudClient(world.cloud.url).loggedIn("user@example.com", "password")
                .withSession("user@example.com", "password")
            var shared = try await share.loggedIn()
            let paths = try await Paths(cloud)
            // Nothing has high-precision temperatures where there is nothing to heat.
            let hasDevices = home != "empty"
            if hasDevices {
                try await eventually { (try? await share.client.withSession("evohome", "sesame")) != nil }
                shared = try await shared.withSession("evohome", "sesame")
                let first = "locations?userId=\(paths.user)&allData=True"
                try await eventually { try await shared.getV1(first).status == 200 }
            }
            for path in paths.current {
                // Temperatures move, so both are asked until they have been read at the same moment.
                try await eventually("\(path)") {
                    let (direct, other) = (try await cloud.get(path), try await shared.get(path))
                    return direct == other || direct.isPage && other.isPage && direct.status == other.status
                }
            }
            for path in hasDevices ? paths.older : [] {
                try await eventually("\(path)") {
                    let (direct, other) = (try await cloud.getV1(path), try await shared.getV1(path))
                    return direct == other || direct.isPage && other.isPage && direct.status == other.status
                }
            }
            #expect(paths.current.count > 10)
            #expect(world.logins() == 2)
        }
    }

    @Test("A change goes out at once, is seen at once, and is the share's; its task ends with it")
    func change() async throws {
        try await sharing { world, _ in
            let client = try await share.loggedIn()
            let zone = try await Paths(client).zones[0]
            let body = #"{"setpointMode":"PermanentOverride","heatSetpointValue":23.5,"timeUntil":null}"#
            let answer = try await client.put("temperatureZone/\(zone)/heatSetpoint", body)
            #expect(answer.status == 201)
            let task = try #require(answer["id"])
            let status = try await client.get("temperatureZone/\(zone)/status")
            #expect(status.body.contains(#""targetHeatTemperature":23.5"#))
            #expect(status.body.contains(#""setpointMode":"PermanentOverride""#))
            try await eventually { try await client.get("commTasks?commTaskId=\(task)")["state"] == "Succeeded" }
            let topic = try #require(
                world.watcher.retainedTopics().first { topic in
                    topic.hasPrefix("evohome/home/zone/") && world.watcher.last(on: "\(topic)/id") == zone
                }
            )
            try await eventually { world.watcher.json(on: topic)?["setpoint"] as? Double == 23.5 }
            #expect((world.watcher.json(on: topic)?["changed"] as? [String: Any])?["by"] as? String == "share")
            #expect(world.setpointCalls().count == 1)
            #expect(try await client.put("temperatureZone/\(zone)/heatSetpoint", "{}").status == 400)
            #expect(world.setpointCalls().count == 1)
        }
    }

    @Test("Clients of a bridge that was killed go on with their tokens, without a login and before the cloud answers")
    func killed() async throws {
        try await World.exists { world in
            var client = share.client
            var paths: [String] = []
            try await world.bridge(flags: share.flags) { process in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                client = try await share.loggedIn()
                paths = try await Paths(client).current.filter {
                    $0.contains("/installationInfo") || $0 == "userAccount"
                }
                .filter { !$0.hasSuffix("location/installationInfo") && !$0.hasSuffix("userId=1") }
                // Written together with the installation.
                try await eventually { try String(contentsOf: world.stateFile, encoding: .utf8).contains("documents") }
                try await process.kill()
            }
            let before = world.cloud.requests().count
            world.cloud.inject(Fault(.respond(CannedResponse(status: 503, body: "")), times: nil))
            try await world.bridge(password: nil, flags: share.flags) { [client, paths] _ in
                try await eventually { (try? await client.get("userAccount"))?.status == 200 }
                for path in paths { #expect(try await client.get(path).status == 200, "\(path)") }
                let status = try #require(paths.first { $0.hasPrefix("location/2") })
                    .replacing("installationInfo", with: "status")
                #expect(try await client.get(status).status == 503)
                world.cloud.removeFaults()
                try await eventually { try await client.get(status).status == 200 }
            }
            #expect(world.logins() == 1)
            #expect(world.cloud.requests().count > before)
        }
    }

    @Test("The account's own password opens nothing, and is never logged; nothing can be changed where that is set")
    func closed() async throws {
        try await World.exists { world in
            let ending = try await world.bridge(flags: share.flags + ["--share-writes", "false"]) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let refused = try await share.client.logIn("user@example.com", "hunter2-of-the-account")
                #expect(refused == CloudClient.Answer(status: 400, body: #"{"error":"invalid_grant"}"#))
                let client = try await share.loggedIn()
                let zone = try await Paths(client).zones[0]
                let body = #"{"setpointMode":"FollowSchedule"}"#
                #expect(try await client.put("temperatureZone/\(zone)/heatSetpoint", body).status == 403)
                #expect(world.setpointCalls().isEmpty)
                try await eventually { (try? await share.client.withSession("evohome", "sesame")) != nil }
            }
            #expect(!ending.log.contains("hunter2"))
            #expect(!ending.log.contains("sesame"))
        }
    }

    @Test("Who asks and what that saves is told on bridge/stats")
    func statistics() async throws {
        let page = try AdminPage()
        try await sharing(page.flags) { _, _ in
            let client = try await share.loggedIn()
            for _ in 0..<5 { _ = try await client.get("userAccount") }
            let metrics = try #require(await page.get("/metrics")?.text)
            #expect(metrics.contains(#"evohome_share_requests_total{client="walker/1",method="GET",status="200"} 5"#))
            #expect(metrics.contains("evohome_share_calls_saved_total 5"))
            #expect(metrics.contains("evohome_share_logins_saved_total 1"))
        }
    }

    @Test("The command makes four files, keys for their owner only, and keeps the authority when it is run again")
    func certificates() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "share-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func contents(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let first = try await BridgeProcess.run(["share", "certificate", folder.path(), "--name", "nas.local"])
        #expect(first.exitCode == 0, "\(first.log)")
        #expect(first.output.contains("NODE_EXTRA_CA_CERTS"))
        let (authority, server) = (try contents("ca.pem"), try contents("server.pem"))
        for name in ["ca.key", "server.key"] {
            let path = folder.appending(path: name).path()
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        #expect(try await BridgeProcess.run(["share", "certificate", folder.path()]).exitCode == 0)
        #expect(try contents("ca.pem") == authority)
        #expect(try contents("server.pem") != server)
        #expect(try await BridgeProcess.run(["share", "certificate", folder.path(), "--name", "a b"]).exitCode == 65)
        try FileManager.default.removeItem(at: folder.appending(path: "ca.key"))
        #expect(try await BridgeProcess.run(["share", "certificate", folder.path()]).exitCode == 66)
    }

    @Test("Without a password, without TLS beyond loopback, and with the account's password it does not start")
    func refusedSettings() async throws {
        for (flags, words) in [
            (["--share-listen", "127.0.0.1:1"], "share.password"),
            (["--share-listen", "0.0.0.0:1", "--share-password", "sesame"], "share.cert_file"),
            (
                [
                    "--share-listen", "127.0.0.1:1", "--share-password", "same", "--account-password", "same",
                    "--account-username", "me@example.com",
                ], "account's own password"
            ),
        ] {
            let ending = try await BridgeProcess.run(["config", "check"] + flags)
            #expect(ending.exitCode == 78)
            #expect(ending.log.contains(words), "\(ending.log)")
        }
    }
}

/// Every path of an account that a client can GET, and some that are refused.
struct Paths {
    let user: String
    var current = [
        "userAccount", "nothing", "location/999/status", "temperatureZone/abc/status", "location/installationInfo",
    ]
    var older = ["accountInfo", "locations"]
    var zones: [String] = []

    init(_ client: CloudClient) async throws {
        let account = try #require(try await client.get("userAccount")["userId"])
        user = account
        let full = "?includeTemperatureControlSystems=True"
        current += ["commTasks?commTaskId=5", "commTasks?commTaskId=x", "gateway", "gateway" + full]
        current += ["location/installationInfo?userId=\(user)", "location/installationInfo?userId=1"]
        older += ["locations?userId=\(user)&allData=True", "locations?userId=\(user)", "commTasks?commTaskId=5"]
        let installation = "location/installationInfo\(full)&userId=\(user)"
        current.append(installation)
        let locations = try #require(try await client.get(installation).json as? [[String: Any]])
        for location in locations {
            let id = try #require((location["locationInfo"] as? [String: Any])?["locationId"] as? String)
            add("location/\(id)", ["installationInfo", "status"], full)
            older += ["locations?locationId=\(id)", "devices?locationId=\(id)"]
            for gateway in location["gateways"] as? [[String: Any]] ?? [] {
                let id = try #require((gateway["gatewayInfo"] as? [String: Any])?["gatewayId"] as? String)
                add("gateway/\(id)", ["installationInfo", "status"], full)
                for system in gateway["temperatureControlSystems"] as? [[String: Any]] ?? [] { try add(system) }
            }
        }
    }

    private mutating func add(_ thing: String, _ aspects: [String], _ full: String) {
        for aspect in aspects { current += ["\(thing)/\(aspect)", "\(thing)/\(aspect)\(full)"] }
    }

    private mutating func add(_ system: [String: Any]) throws {
        let id = try #require(system["systemId"] as? String)
        current += ["temperatureControlSystem/\(id)/installationInfo", "temperatureControlSystem/\(id)/status"]
        let listed = (system["zones"] as? [[String: Any]] ?? []).compactMap { $0["zoneId"] as? String }
        zones += listed
        let hotWater = (system["dhw"] as? [String: Any])?["dhwId"] as? String
        for (kind, id) in listed.map({ ("temperatureZone", $0) })
            + [hotWater.map { ("domesticHotWater", $0) }].compactMap(\.self)
        {
            current += ["installationInfo", "status", "schedule"].map { "\(kind)/\(id)/\($0)" }
            older += ["", "/thermostat", "/thermostat/changeableValues", "/thermostat/changeableValues/heatSetpoint"]
                .map {
                    "devices/\(id)\($0)"
                }
        }
    }
}
