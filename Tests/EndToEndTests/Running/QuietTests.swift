import Foundation
import TestSupport
import Testing

@Suite("A bridge that waits for its next poll", .timeLimit(.minutes(1)))
struct QuietTests {
    @Test("is woken less than twice a second, and no thread of Swift's own executor is left")
    func quiet() async throws {
        try await World.exists { world in
            try await world.bridge(pollInterval: "180s") { bridge in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                // A first start reads one schedule a second.
                try await Task.sleep(for: .seconds(15))
                let before = try wakeups(bridge)
                try await Task.sleep(for: .seconds(10))
                let after = try wakeups(bridge)
                let woken = after.map { $1 - before[$0, default: 0] }.reduce(0, +)
                #expect(woken < 20, "\(before) \(after)")
                #expect(!after.keys.contains { $0.contains("default-qos") && !$0.contains("overcommit") }, "\(after)")
            }
        }
    }

    /// How often each thread has waited for something.
    private func wakeups(_ bridge: BridgeProcess) throws -> [String: Int] {
        let threads = "/proc/\(bridge.processIdentifier)/task"
        var counts: [String: Int] = [:]
        for thread in try FileManager.default.contentsOfDirectory(atPath: threads) {
            // A thread may end at any moment.
            let file = "\(threads)/\(thread)/status"
            guard let status = try? String(contentsOfFile: file, encoding: .utf8) else { continue }
            let fields = Dictionary(
                status.split(separator: "\n").map { line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (parts[0], parts.last?.trimmingCharacters(in: .whitespaces) ?? "")
                }
            ) { first, _ in first }
            counts["\(fields["Name"] ?? "") \(thread)"] = Int(fields["voluntary_ctxt_switches"] ?? "")
        }
        return counts
    }
}
