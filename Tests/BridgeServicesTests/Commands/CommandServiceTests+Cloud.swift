import Basics
import BridgeCore
import HeatingModel
import TestSupport
import Testing

@testable import BridgeServices

// What comes of a command when the cloud does not answer its call, or refuses it.

extension CommandServiceTests {
    @Test("A call whose answer was lost is made again only if the status does not show it", arguments: [true, false])
    func lostAnswer(isCarriedOut: Bool) async throws {
        try await taking { store, commands in
            read(store)
            cloud.losesAnswer()
            cloud.isObedient(isCarriedOut)
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await eventually { cloud.overrides.count == 1 }
            // The gateway is there again.
            if !isCarriedOut { cloud.isObedient(true) }
            try await outcome("succeeded")
            #expect(cloud.overrides.count == (isCarriedOut ? 1 : 2))
        }
    }

    @Test("A reading that began before the call does not have it made again")
    func lostAnswerAndEarlierReading() async throws {
        let store = SnapshotStore(clock)
        let reader = CloudReader(of: cloud, into: store, polls: false, clock: clock)
        let commands = CommandService(calling: cloud, reader: reader, broker: broker, store: store, clock: clock)
        try await running(reader, commands) {
            read(store)
            cloud.holds(.status("1"))
            async let refresh: Void = reader.read([.status("1")])
            try await eventually { cloud.statusReads == 1 }
            clock.advance(by: .seconds(1))
            cloud.losesAnswer()
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await eventually { cloud.overrides.count == 1 }
            // The call waits for the next try, which then joins the reading or does not.
            try await eventually {
                clock.advance(by: .seconds(1))
                return clock.uptime > Uptime(sinceStart: .seconds(120))
            }
            cloud.releases(.status("1"))
            try await refresh
            try await outcome("succeeded")
            #expect(cloud.overrides.count == 1)
        }
    }

    @Test(
        "What keeps a command from the cloud shows in the cloud's state at once, if it keeps readings from it, too",
        arguments: [
            (.unreachable, false, .unreachable), (.unreachable, true, .ok), (.storage, false, .unreachable),
            (.unauthorised, true, .unauthorised), (.rateLimited, true, .rateLimited), (.refused, true, .ok),
        ] as [(CloudFailure.Kind, Bool, CloudHealth.State)]
    )
    func health(kind: CloudFailure.Kind, canBeRead: Bool, state: CloudHealth.State) async throws {
        try await taking { store, commands in
            read(store)
            #expect(store.health.state == .ok)
            let failure = CloudFailure(kind, "Not now.")
            if canBeRead { cloud.fails(failure, at: .zone(Cottage.kitchen)) } else { cloud.fails(failure) }
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await eventually { cloud.count(.zone(Cottage.kitchen)) == 1 }
            if kind == .unreachable { try await eventually { cloud.statusReads == 1 } }
            if kind == .refused { try await outcome("failed", code: "refused") }
            try await eventually { store.health.state == state }
            #expect(store.health.error == (state == .ok ? nil : "Not now."))
        }
    }

    @Test("A command that the cloud refuses fails at once, with its code")
    func refused() async throws {
        try await taking { store, commands in
            read(store)
            cloud.fails(CloudFailure(.refused, "No.", code: "DeviceIsLost"))
            await commands.receive(Self.twenty, on: "\(kitchen)/set")
            try await outcome("failed", code: "DeviceIsLost")
        }
    }
}
