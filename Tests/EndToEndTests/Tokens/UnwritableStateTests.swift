import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("A state file that cannot be written", .timeLimit(.minutes(3)))
struct UnwritableStateTests {
    @Test("From the start: the bridge works from memory, says so, and writes as soon as it can", arguments: Place.all)
    func fromTheStart(place: Place) async throws {
        try await World.exists({ $0.tokenLifetime = .seconds(2) }) { world in
            let folder = world.stateFile.deletingLastPathComponent()
            try place.spoil(folder)
            let ending = try await world.bridge { _ in
                try await worksFromMemory(world)
                try place.repair(folder)
                try await recovers(world)
            }
            #expect(ending.log.contains("Tokens are kept in memory only"))
            #expect(ending.log.contains("The state file can be written again"))
            #expect(world.logins() == 1)
            #expect(world.refusedRefreshes() == 0)
        }
    }

    @Test("While the bridge runs: nothing is lost that was refreshed meanwhile", arguments: Place.all)
    func whileItRuns(place: Place) async throws {
        try await World.exists({ $0.tokenLifetime = .seconds(2) }) { world in
            let folder = world.stateFile.deletingLastPathComponent()
            try await world.bridge { _ in
                try await eventually { world.refreshes() >= 1 }
                try place.spoil(folder)
                try await worksFromMemory(world)
                try place.repair(folder)
                try await recovers(world)
            }
            world.watcher.forget()
            try await world.bridge { _ in
                try await eventually { world.cloudState() == "ok" }
            }
            #expect(world.logins() == 1)
            #expect(world.refusedRefreshes() == 0)
        }
    }

    @Test("Deleted while the bridge runs: it is made anew, with the client id that the broker keeps a session by")
    func deleted() async throws {
        try await World.inARunningHouse { world in
            let clientID = try #require(try world.savedBridge()?["clientID"] as? String)
            try FileManager.default.removeItem(at: world.stateFile)
            // Who changed a setpoint is kept, so the file is written.
            try await world.order(#"{"setpoint":23}"#, on: "evohome/home/zone/kitchen/set", "succeeded")
            try await eventually { try world.savedBridge()?["changes"] != nil }
            #expect(try world.savedBridge()?["clientID"] as? String == clientID)
        }
    }

    private func worksFromMemory(_ world: World) async throws {
        try await eventually { world.cloudError()?.contains("cannot be written") == true }
        let (refreshes, readings) = (world.refreshes(), world.readings())
        try await eventually { world.refreshes() >= refreshes + 2 && world.readings() >= readings + 2 }
        #expect(world.cloudState() == "ok")
        #expect(world.watcher.last(on: "evohome/bridge/state") == "online")
    }

    private func recovers(_ world: World) async throws {
        try await eventually { world.cloudHealth()?["error"] is NSNull }
        #expect(try world.savedTokens()?.refresh != nil)
    }

    /// A way for a folder to be no place for a file.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let spoil: @Sendable (URL) throws -> Void
        let repair: @Sendable (URL) throws -> Void

        private static var files: FileManager { .default }

        static let all = [isAFile] + (geteuid() == 0 ? [] : [isReadOnly])

        private static let isAFile = Place(
            testDescription: "its folder is a file",
            spoil: { folder in
                try? files.moveItem(at: folder, to: folder.appendingPathExtension("aside"))
                try Data().write(to: folder)
            },
            repair: { folder in
                try files.removeItem(at: folder)
                try? files.moveItem(at: folder.appendingPathExtension("aside"), to: folder)
            }
        )

        /// Not for root, who may write anywhere.
        private static let isReadOnly = Place(
            testDescription: "its folder is read-only",
            spoil: { folder in
                try files.createDirectory(at: folder, withIntermediateDirectories: true)
                try files.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path())
            },
            repair: { try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: $0.path()) }
        )
    }
}
