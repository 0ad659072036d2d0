import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("The command set", .timeLimit(.minutes(1)))
struct SetTests {
    private static let orders: [(arguments: [String], answer: String, body: String)] = [
        (["zone", "kitchen", "21.5", "--for", "90m"], "Kitchen: 21.5 °C until ", #""TemporaryOverride""#),
        (["zone", "2100005", "21.5", "--until", "forever"], "Kitchen: 21.5 °C for good.", #""PermanentOverride""#),
        (["zone", "Main Bedroom", "20.2", "--until", "next"], "rounded to the zone's step", #""TemporaryOverride""#),
        (["zone", "hall", "19", "--for", "01:30"], "Hall: 19.0 °C until ", #""TemporaryOverride""#),
        (["mode", "away", "--for", "3d"], "Home: away until ", #""Away""#),
        (["mode", "auto_with_eco", "--location", "home"], "Home: auto with eco.", #""AutoWithEco""#),
        (["hot-water", "on", "--for", "1h"], "Hot water: on until ", #""On""#),
    ]

    @Test("A command is carried out, and the program says what it did", arguments: orders)
    func done(arguments: [String], answer: String, body: String) async throws {
        try await World.exists { world in
            let ending = try await world.command(["set"] + arguments, password: "password")
            #expect(ending.exitCode == 0)
            #expect(ending.output.contains(answer), "\(ending.output)")
            #expect(ending.log == "")
            let calls = world.cloud.requests(RequestMatcher(method: "PUT"))
            #expect(calls.count == 1)
            #expect(calls.first?.body.contains(body) == true, "\(calls.first?.body ?? "-")")
        }
    }

    @Test("An override ends with auto, and a second auto needs no call")
    func auto() async throws {
        try await World.exists { world in
            #expect(try await world.command(["set", "zone", "kitchen", "23"], password: "password").exitCode == 0)
            #expect(
                try await world.command(["set", "zone", "kitchen", "auto"]).output == "Kitchen: follows its schedule.\n"
            )
            let again = try await world.command(["set", "zone", "kitchen", "auto"])
            #expect(again.output == "Kitchen: follows its schedule. Nothing to do: it is already set.\n")
            #expect(world.setpointCalls().count == 2)
            #expect(world.logins() == 1)
        }
    }

    @Test(
        "What cannot be is refused with 65 and a sentence, without a call",
        arguments: [
            (["zone", "kitchen", "99"], "not between"), (["zone", "kitchen", "warm"], "not a number"),
            (["zone", "kitchen", "auto", "--for", "1h"], "follow_schedule"),
            (["zone", "kitchen", "21", "--until", "2020-01-01T00:00:00Z"], "past"),
            (["zone", "kitchen", "21,5"], "with a point"), (["zone", "kitchen", "21.5°C"], "without a unit"),
            (["zone", "kitchen", "21", "--until", "2126-11-28"], "has no time"),
            (["zone", "kitchen", "21", "--for", "soon"], "soon"), (["mode", "sleeping"], "sleeping"),
            (["mode", "away", "--until", "next"], "switchpoint"), (["hot-water", "warm"], "on, off, auto"),
        ]
    )
    func refused(arguments: [String], words: String) async throws {
        try await World.exists { world in
            #expect(try await world.command(["status"], password: "password").exitCode == 0)
            world.cloud.clearRequests()
            let ending = try await world.command(["set"] + arguments)
            #expect(ending.exitCode == 65)
            #expect(ending.log.contains(words), "\(ending.log)")
            #expect(world.cloud.requests(RequestMatcher(method: "PUT")).isEmpty)
        }
    }

    @Test("A zone that nobody knows is looked for once more, since it may be new")
    func unknown() async throws {
        try await World.exists { world in
            #expect(try await world.command(["status"], password: "password").exitCode == 0)
            world.cloud.clearRequests()
            let ending = try await world.command(["set", "zone", "cellar", "18"])
            #expect(ending.exitCode == 65)
            #expect(ending.log.contains("There is no zone \"cellar\"; known zones: Living Room, Kitchen"))
            #expect(world.cloud.requests().count == 1)
            try world.cloud.renameZone("2100005", to: "Cellar")
            #expect(try await world.command(["set", "zone", "cellar", "18"]).exitCode == 0)
        }
    }

    @Test("Both ends, and no value, are wrong usage", arguments: [["21", "--for", "1h", "--until", "18:00"], []])
    func usage(arguments: [String]) async throws {
        #expect(try await BridgeProcess.run(["set", "zone", "kitchen"] + arguments).exitCode == 64)
    }

    @Test("A gateway that does not take it, and one that is away, end differently")
    func gateway() async throws {
        try await World.exists { world in
            world.cloud.expectTasks(.fails)
            let failed = try await world.command(["set", "zone", "kitchen", "23"], password: "password")
            #expect(failed.exitCode == 69)
            #expect(failed.log.contains("The gateway did not carry it out."))
            try world.cloud.setGatewayAway(true)
            let away = try await world.command(["set", "zone", "kitchen", "23", "--commands-expiry", "1s"])
            #expect(away.exitCode == 75)
            #expect(away.log.contains("it may be offline"))
        }
    }

    @Test(
        "An outage, a rate limit and a refusal of the cloud's end differently",
        arguments: [
            (CannedResponse.html(503), 69), (.tooManyRequests(retryAfter: 60), 75),
            (CannedResponse(status: 400, body: #"[{"code":"X","message":"No."}]"#), 65),
        ] as [(CannedResponse, Int32)]
    )
    func cloud(answer: CannedResponse, code: Int32) async throws {
        try await World.exists { world in
            world.cloud.inject(Fault(.respond(answer), for: .init(method: "PUT"), times: nil))
            let ending = try await world.command(["set", "zone", "kitchen", "23"], password: "password")
            #expect(ending.exitCode == code, "\(ending.log)")
            #expect(ending.output == "")
        }
    }

    @Test("It works beside a bridge that runs, on the same tokens, and the bridge shows it")
    func besideABridge() async throws {
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let ending = try await world.command(["set", "zone", "kitchen", "23.5"])
                #expect(ending.exitCode == 0, "\(ending.log)")
                try await eventually { world.watcher.last(on: "evohome/home/zone/kitchen/setpoint") == "23.5" }
                #expect(world.logins() == 1)
                #expect(world.refreshes() == 0)
            }
        }
    }
}
