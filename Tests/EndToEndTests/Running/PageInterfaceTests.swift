import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("The interface of the page, with a real cloud, broker and program", .timeLimit(.minutes(2)))
struct PageInterfaceTests {
    private let page: AdminPage

    init() throws { page = try AdminPage() }

    /// A bridge with a page, once its first state is known.
    private func withPage(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
        try await World.exists { world in
            try await world.bridge(flags: page.flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await body(world)
            }
        }
    }

    @Test("Every retained topic of the home is shown, with the payload that MQTT has")
    func topics() async throws {
        try await withPage { world in
            // Statistics and the broker's facts change by themselves.
            try await eventually { world.watcher.last(on: "evohome/home/zone/kitchen/schedule") != nil }
            let topics = try #require(await page.get("/api/topics")?.json)
            for topic in world.watcher.retainedTopics() where topic.hasPrefix("evohome/home/") {
                #expect(topics[String(topic.dropFirst("evohome/".count))] != nil, "\(topic)")
            }
            #expect(topics["bridge/state"] as? String == "online")
            let kitchen = await page.get("/api/topics/home/zone/kitchen")
            #expect(kitchen?.text == world.watcher.last(on: "evohome/home/zone/kitchen"))
            #expect(await page.get("/api/topics/home/zone/attic")?.status == 404)
            let homes = try #require(await page.get("/api/homes")?.json)
            let home = try #require(homes["home"] as? [String: Any])
            #expect(home["location"] as? String == "Home")
            #expect((home["modes"] as? [Any])?.count == 7)
        }
    }

    @Test("A command has its outcome here and on MQTT, and a refused one makes no call")
    func commands() async throws {
        try await withPage { world in
            let path = "/api/topics/home/zone/kitchen/set"
            let answer = try #require(await page.post(path, #"{"setpoint":21.5,"id":"tea"}"#))
            #expect(answer.status == 200)
            #expect(answer.json?["outcome"] as? String == "succeeded")
            #expect(answer.json?["id"] as? String == "tea")
            try await eventually { world.watcher.last(on: "evohome/home/zone/kitchen/result") == answer.text }
            #expect(await page.post(path, #"{"setpoint":99}"#)?.status == 422)
            #expect(await page.post("/api/topics/home/zone/attic/set", "{}")?.status == 404)
            #expect(world.setpointCalls().count == 1)
        }
    }

    @Test("A request has the answer that it has over MQTT")
    func requests() async throws {
        try await withPage { _ in
            let interval = await page.post("/api/requests/poll_interval", #"{"value":"90s","transaction":1}"#)
            #expect(interval?.status == 200)
            #expect((interval?.json?["data"] as? [String: String])?["value"] == "90s")
            #expect(interval?.json?["transaction"] as? Int == 1)
            #expect(await page.post("/api/requests/poll_interval", #"{"value":"now"}"#)?.status == 422)
            #expect(await page.post("/api/requests/tea", "{}")?.status == 404)
        }
    }

    @Test("The backup is one that a restore takes, and that changes nothing")
    func backup() async throws {
        try await withPage { world in
            let backup = try #require(await page.get("/api/backup"))
            #expect(backup.status == 200)
            let file = world.directory.appending(path: "backup.json")
            try Data(backup.text.utf8).write(to: file)
            let restore = try await BridgeProcess.run([
                "schedules", "restore", file.path(), "--cloud-url", try await world.cloud.url,
                "--state-file", world.stateFile.path(), "--account-username", "user@example.com",
            ])
            #expect(restore.exitCode == 0, "\(restore.log)")
            #expect(world.cloud.requests(RequestMatcher(method: "PUT")).isEmpty)
        }
    }

    @Test("Events tell of a change within a second, and of an outcome")
    func events() async throws {
        try await withPage { world in
            var states = page.events("state").makeAsyncIterator()
            var outcomes = page.events("event").makeAsyncIterator()
            #expect(try await states.next() != nil)
            _ = await page.post("/api/topics/home/zone/kitchen/set", #"{"setpoint":23.5,"until":"forever"}"#)
            while let state = try await states.next() {
                if state.contains(#""home/zone/kitchen/setpoint""#), state.contains("23.5") { break }
            }
            #expect(try await outcomes.next()?.contains(#""outcome":"succeeded""#) == true)
        }
    }

    @Test("Of two who sign in for the first time at once one is turned away, and the account is whole afterwards")
    func twoAtOnce() async throws {
        try await World.exists { world in
            try await world.bridge(password: nil, flags: page.flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let delay = Duration.seconds(4)
                world.cloud.inject(Fault(.delay(delay...delay), for: .init(grantType: "password")))
                async let wrong = page.post("/api/account", #"{"username":"user@example.com","password":"wrong"}"#)
                try await eventually { world.logins() == 1 }
                let right = #"{"username":"user@example.com","password":"password"}"#
                let early = await page.post("/api/account", right)
                #expect(early?.status == 429)
                let sentence = early?.json?["error"] as? String
                #expect(sentence == "Somebody else is signing in right now. Try again in a moment.")
                #expect(await wrong?.status == 401)
                #expect(await page.post("/api/account", right)?.status == 200)
                #expect(world.logins() == 2)
            }
            try await world.bridge(password: nil) { _ in
                try await eventually { world.cloudState() == "ok" }
            }
            #expect(world.logins() == 2)
        }
    }

    @Test("Without tokens or a password it waits to be signed in to, and goes on without a restart")
    func firstRun() async throws {
        try await World.exists { world in
            try await world.bridge(password: nil, flags: page.flags) { _ in
                try await eventually { world.cloudState() == "unauthorised" }
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                #expect(await page.get("/api/account")?.json?["signed_in"] as? Bool == false)
                let wrong = await page.post("/api/account", #"{"username":"user@example.com","password":"wrong"}"#)
                #expect(wrong?.status == 401)
                #expect(world.logins() == 1)
                // The same one again is not sent.
                let again = await page.post("/api/account", #"{"username":"user@example.com","password":"wrong"}"#)
                #expect(again?.status == 429)
                #expect(world.logins() == 1)
                let right = await page.post("/api/account", #"{"username":"user@example.com","password":"password"}"#)
                #expect(right?.status == 200)
                #expect(right?.json?["signed_in"] as? Bool == true)
                #expect(right?.json?["user"] as? String == "u…")
                try await eventually { world.watcher.last(on: "evohome/home/zone/kitchen") != nil }
                try await eventually { world.cloudState() == "ok" }
                #expect(world.logins() == 2)
                let file = try String(contentsOf: world.stateFile, encoding: .utf8)
                #expect(!file.contains(#""password""#))
            }
            // Tokens are enough now.
            try await world.bridge(password: nil) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
            }
            #expect(world.logins() == 2)
        }
    }
}
