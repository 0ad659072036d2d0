import Basics
import Synchronization
import TCCSimulator
import TestSupport
import Testing

extension World {
    /// A world with a bridge that is online.
    static func inARunningHouse(
        _ change: (inout SimulatorConfiguration) -> Void = { _ in },
        flags: [String] = [],
        _ body: @escaping @Sendable (World) async throws -> Void
    ) async throws {
        try await World.exists(change) { world in
            try await world.bridge(flags: flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await body(world)
            }
        }
    }

    /// Sends a command, and waits for its outcome.
    func order(
        _ payload: String,
        on topic: String,
        _ outcome: String,
        timeout: Duration = .seconds(20)
    ) async throws {
        let subject = topic.prefix(upTo: topic.ranges(of: "/set").last?.lowerBound ?? topic.endIndex)
        let before = watcher.said(on: "\(subject)/result").count
        try await watcher.say(payload, on: topic)
        try await eventually(timeout: timeout) { watcher.said(on: "\(subject)/result").count > before }
        let result = try #require(watcher.json(on: "\(subject)/result"))
        #expect(result["outcome"] as? String == outcome, "\(result)")
    }

    /// Asks something of the bridge, and waits for its answer.
    ///
    /// - Returns: The answer's status, and its whole.
    func ask(_ name: String, _ payload: String = "") async throws -> (status: String?, answer: [String: Any]) {
        let topic = "evohome/bridge/response/\(name)"
        let before = watcher.said(on: topic).count
        try await watcher.say(payload, on: "evohome/bridge/request/\(name)")
        try await eventually(timeout: .seconds(20)) { watcher.said(on: topic).count > before }
        let answer = try #require(watcher.json(on: topic))
        return (answer["status"] as? String, answer)
    }

    /// Topics that the broker holds something on, as one learns who comes now.
    func retained() async throws -> Set<String> {
        let topics = Mutex<Set<String>>([])
        try await TopicWatcher.watch(broker, as: "newcomer") { newcomer in
            try await Task.sleep(for: .milliseconds(200))
            topics.withLock { $0 = newcomer.retainedTopics() }
        }
        return topics.withLock { $0 }
    }
}
