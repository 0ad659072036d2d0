import Foundation
import Synchronization
import TestSupport

/// The rows of the page. How soon a browser has painted it is said by Tests/Page, which has a browser.
extension Bench {
    /// How many clients follow the events at once.
    private static let clients = 200

    /// What the page weighs, how soon it shows a change, and what those who follow it cost.
    func page() async throws -> [Row] {
        let silent = try await startBridge()
        _ = try await peer.comesOnline()
        try await Task.sleep(for: .seconds(5))
        let without = try silent.memory("Rss")
        _ = try await silent.stop()

        let port = Int.random(in: 20_000...40_000)
        let bridge = try await startBridge(["--http-listen", "127.0.0.1:\(port)", "--commands-per-minute", "100000"])
        _ = try await peer.comesOnline()
        let rows = try await PageClient.using(port: port) { page in
            try await Task.sleep(for: .seconds(5))
            let alone = try bridge.memory("Rss")
            let (one, _) = try await changes(page, clients: 1, bridge)
            let (many, followed) = try await changes(page, clients: Self.clients, bridge)
            return [
                Row(name: "memory without the page", value: String(format: "resident %.1f MiB", without)),
                Row(name: "memory with the page", value: String(format: "resident %.1f MiB", alone)),
                Row(
                    name: "memory with \(Self.clients) clients of events",
                    value: String(format: "resident %.1f MiB, %.1f more", followed, followed - alone)
                ),
                Row(name: "state on MQTT to the page, 1 client", value: one.shown.summary),
                Row(name: "state on MQTT to the page, \(Self.clients) clients", value: many.shown.summary),
                Row(name: "command to call, 1 client", value: one.calls.summary),
                Row(name: "command to call, \(Self.clients) clients", value: many.calls.summary),
            ] + Self.rows(of: try await page.files())
        }
        _ = try await bridge.stop()
        return rows
    }

    /// From the click to the arrival of the call at the cloud, beside a command by MQTT.
    func clicks() async throws -> [Row] {
        let port = Int.random(in: 20_000...40_000)
        let bridge = try await startBridge(["--http-listen", "127.0.0.1:\(port)", "--commands-per-minute", "100000"])
        _ = try await peer.comesOnline()
        let rows = try await PageClient.using(port: port) { page in
            let click = { @Sendable (payload: String, topic: String) in
                try await page.set(payload, on: topic.dropFirst("evohome/".count))
            }
            var topics = peer.zoneTopics[...]
            _ = try await latencies(of: topics.prefix(24), pause: .milliseconds(20))
            topics = topics.dropFirst(24)
            // No more than the interface takes from clients that wait for no outcome.
            let clicks = try await latencies(of: topics.prefix(60), pause: .milliseconds(20), by: click)
            topics = topics.dropFirst(60)
            let messages = try await latencies(of: topics.prefix(60), pause: .milliseconds(20))
            return [
                Row(name: "click to call, every 20 ms (60)", value: clicks.summary),
                Row(name: "beside it, command to call (60)", value: messages.summary),
            ]
        }
        _ = try await bridge.stop()
        return rows
    }

    /// Commands each zone while clients follow, and says when the page had what the broker had, and the memory meanwhile.
    private func changes(
        _ page: PageClient,
        clients: Int,
        _ bridge: RunningProgram
    ) async throws -> (times: (shown: [Duration], calls: [Duration]), memory: Double) {
        let seen = FirstSights()
        peer.forgetStates()
        let (calls, memory) = try await page.followed(by: clients) { topic, payload in
            seen.add("evohome/\(topic)", payload)
        } _: {
            let calls = try await latencies(
                of: peer.zoneTopics.prefix(12),
                pause: .seconds(1),
                setpoint: 16 + Double(clients % 7)
            )
            try await Task.sleep(for: .seconds(5))
            return (calls, try bridge.memory("Rss"))
        }
        let shown = peer.states.compactMap { state, heard in seen.all[state].map { $0 - heard } }
        return ((shown, calls), memory)
    }

    private static func rows(of files: [PageClient.File]) -> [Row] {
        let first = files.filter(\.isLoadedFirst)
        let sum = { (files: [PageClient.File]) in "\(files.map(\.bytes).reduce(0, +)) bytes in \(files.count) files" }
        return [
            Row(name: "first load of the page, compressed", value: sum(first)),
            Row(name: "all files of the page, compressed", value: sum(files)),
        ]
            + files.map {
                Row(name: "  \($0.name)", value: "\($0.bytes)\($0.isLoadedFirst ? "" : ", when it is needed")")
            }
    }
}

/// When each state was seen for the first time.
final class FirstSights: Sendable {
    private let times = Mutex<[String: ContinuousClock.Instant]>([:])

    var all: [String: ContinuousClock.Instant] { times.withLock { $0 } }

    func add(_ topic: String, _ payload: some StringProtocol) {
        let now = ContinuousClock.now
        times.withLock { times in
            let state = "\(topic) \(payload)"
            if times[state] == nil { times[state] = now }
        }
    }

    func forget() {
        times.withLock { $0 = [:] }
    }
}
