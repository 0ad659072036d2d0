import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Temperatures to a hundredth of a degree", .timeLimit(.minutes(3)))
struct PrecisionTests {
    @Test("They are on the topics after a single login, and a restart makes neither another nor a jump")
    func hundredths() async throws {
        try await Self.inCoolKitchen { world in
            try await world.bridge { _ in
                try await eventually { said(in: world).last.map(isFine) == true }
                #expect(logins(in: world) == 1)
            }
            world.watcher.forget()
            world.cloud.clearRequests()
            try await world.bridge { _ in
                try await eventually { calls(in: world) >= 2 }
                #expect(logins(in: world) == 0)
                #expect(world.logins() + world.refreshes() == 0)
            }
            #expect(!said(in: world).isEmpty)
            #expect(said(in: world).allSatisfy(isFine))
        }
    }

    @Test("They drop out and come back, and nobody sees it")
    func dropsOut() async throws {
        try await Self.inCoolKitchen { world in
            try await world.bridge { _ in
                try await eventually { said(in: world).last.map(isFine) == true }
                world.watcher.forget()
                world.cloud.inject(Fault(.respond(.html(502)), for: older, times: 1))
                let calls = calls(in: world)
                try await eventually { self.calls(in: world) >= calls + 4 }
                #expect(said(in: world).allSatisfy(isFine))
            }
        }
    }

    @Test("When it is switched off, API v1 is not called")
    func off() async throws {
        try await Self.inCoolKitchen { world in
            try await world.bridge(flags: ["--cloud-high-precision", "off"]) { _ in
                try await eventually { world.readings() >= 4 }
                #expect(calls(in: world) == 0)
            }
        }
    }

    @Test(
        "Whatever API v1 does, nothing else is affected, and it is tried at most three times",
        arguments: [
            Fault.Effect.respond(CannedResponse(status: 500, body: #"{"message":"An error has occurred."}"#)),
            .respond(.html(502)), .respond(.html(200)), .respond(.tooManyRequests(retryAfter: 1)),
            .respond(CannedResponse(status: 401, body: wrongPassword)), .truncate, .cutBody, .refuse, .hang,
        ]
    )
    func failing(effect: Fault.Effect) async throws {
        try await Self.inCoolKitchen { world in
            world.cloud.inject(Fault(effect, for: older, times: nil))
            try await world.bridge(flags: ["--cloud-request-timeout", "1s"]) { _ in
                try await eventually { calls(in: world) >= 1 }
                let readings = world.readings()
                try await eventually { world.readings() >= readings + 3 }
                #expect(calls(in: world) <= 3)
                #expect(cloudStates(in: world) == ["ok"])
                #expect(world.watcher.last(on: "evohome/home/availability") == "online")
                #expect(!said(in: world).isEmpty)
                #expect(!said(in: world).contains(where: isFine))
                #expect(world.logins() == 1)
            }
        }
    }

    private static let wrongPassword =
        #"[{"code":"EmailOrPasswordIncorrect","message":"The email or password provided is incorrect."}]"#

    private let older = RequestMatcher(path: "/WebAPI/api/")

    /// A world in which the kitchen is at 19.37 °C.
    private static func inCoolKitchen(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
        try await World.exists { world in
            try world.cloud.setTemperature(19.37, of: .zone("2100005"))
            try await body(world)
        }
    }

    /// Every temperature that the kitchen was said to have, in order.
    private func said(in world: World) -> [Double] {
        world.watcher.said(on: "evohome/home/zone/kitchen/temperature").compactMap(Double.init)
    }

    /// In the time of a test it moves by some hundredths at the most.
    private func isFine(_ temperature: Double) -> Bool { (19.3..<19.45).contains(temperature) }

    private func calls(in world: World) -> Int { world.cloud.requests(older).count }

    private func logins(in world: World) -> Int {
        world.cloud.requests(RequestMatcher(method: "POST", path: "/WebAPI/api/Session")).count
    }

    private func cloudStates(in world: World) -> Set<String> {
        let documents = world.watcher.said(on: "evohome/bridge/cloud").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        return Set(documents.compactMap { $0["state"] as? String })
    }
}
