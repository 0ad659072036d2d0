import Foundation
import TestSupport
import Testing

@Suite("Memory after the start", .timeLimit(.minutes(1)))
struct MemoryReleaseTests {
    @Test("Soon after a start the bridge holds far less than during it, and goes on with its work")
    func release() async throws {
        try await World.exists { world in
            try await world.bridge { bridge in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let atTheStart = try resident(bridge)
                try await eventually(timeout: .seconds(30)) {
                    (try? resident(bridge)).map { $0 < atTheStart / 10 * 8 } ?? false
                }
                let readings = world.readings()
                try await eventually { world.readings() > readings + 2 }
            }
        }
    }

    /// In kB.
    private func resident(_ bridge: BridgeProcess) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(bridge.processIdentifier)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        let digits = line.filter(\.isNumber)
        return try #require(Int(digits))
    }
}
