import Foundation
import Logging
import MosquittoClient
import ServiceLifecycle
import SimulatorTestSupport
import TCCSimulator
import TestSupport
import Testing

/// A cloud, a broker, and somebody who watches the topics: everything that a bridge needs around it.
struct World: Sendable {
    let cloud: TCCSimulator
    let broker: Broker
    let watcher: TopicWatcher
    /// Removed at the end.
    let directory: URL

    /// In a folder of its own, which the bridge makes.
    var stateFile: URL { directory.appending(path: "state/state.json") }

    /// Builds the world for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - change: Adapts the simulator; its tasks end at once unless told otherwise.
    ///   - body: Runs in it.
    static func exists(
        _ change: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (World) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.taskDuration = .milliseconds(50)...(.milliseconds(100))
        configuration.visibilityDelay = .milliseconds(10)...(.milliseconds(20))
        change(&configuration)
        try await TCCSimulator.withRunning(configuration) { cloud in
            try await withBroker { broker in
                let directory = FileManager.default.temporaryDirectory.appending(path: "world-\(UUID().uuidString)")
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(at: directory) }
                try await TopicWatcher.watch(broker) { watcher in
                    try await body(World(cloud: cloud, broker: broker, watcher: watcher, directory: directory))
                }
            }
        }
    }

    /// Runs a bridge in this world for as long as `body` runs, and stops it with SIGTERM.
    ///
    /// - Parameters:
    ///   - base: Its base topic, by which several of them are told apart.
    ///   - password: `nil` to have it live on saved tokens.
    ///   - pollInterval: How often it reads the cloud.
    ///   - flags: Further ones; they win over those that are given here.
    ///   - environment: Variables beside the password's.
    ///   - body: Gets the process.
    /// - Returns: How it ended.
    @discardableResult
    func bridge(
        as base: String = "evohome",
        password: String? = "password",
        pollInterval: String = "1s",
        flags: [String] = [],
        environment: [String: String] = [:],
        _ body: (BridgeProcess) async throws -> Void
    ) async throws -> BridgeProcess.Ending {
        let process = try await BridgeProcess.start(
            arguments: [
                "run", "--cloud-url", try await cloud.url, "--cloud-poll-interval", pollInterval,
                "--mqtt-url", "mqtt://127.0.0.1:\(broker.port)", "--state-file", stateFile.path(),
                "--account-username", "user@example.com", "--log-level", "debug", "--mqtt-base-topic", base,
            ] + flags,
            environment: (password.map { ["EVOHOME_ACCOUNT_PASSWORD": $0] } ?? [:]).merging(environment) { $1 }
        )
        do {
            try await body(process)
            return try await process.stop()
        } catch {
            let ending = try await process.kill()
            Issue.record("The bridge said:\n\(ending.log)")
            throw error
        }
    }

    /// What `bridge/cloud` says of the cloud.
    func cloudState(of base: String = "evohome") -> String? { cloudHealth(of: base)?["state"] as? String }
    func cloudError(of base: String = "evohome") -> String? { cloudHealth(of: base)?["error"] as? String }
    func cloudHealth(of base: String = "evohome") -> [String: Any]? { watcher.json(on: "\(base)/bridge/cloud") }

    /// Requests to the token endpoint, by grant.
    func logins() -> Int { cloud.requests(RequestMatcher(grantType: "password")).count }
    func refreshes() -> Int { cloud.requests(RequestMatcher(grantType: "refresh_token")).count }
    func readings() -> Int { cloud.requests(RequestMatcher(path: "/status")).count }
    func setpointCalls() -> [RecordedRequest] { cloud.requests(RequestMatcher(method: "PUT", path: "heatSetpoint")) }
}
