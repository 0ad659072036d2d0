import Foundation
import Logging
import MosquittoClient
import SimulatorTestSupport
import Subprocess
import Synchronization
import SystemPackage
import TCCSimulator
import TestSupport

/// Many accounts on one machine: a bridge for each, one broker, one cloud.
struct Fleet {
    /// How long the fleet is left alone to be measured: one poll of each bridge.
    private static let interval = Duration.seconds(180)

    private let cloud: TCCSimulator
    private let broker: BrokerProcess
    private let observer: FleetObserver
    private let program: FilePath
    private let url: String
    private let directory: URL

    /// - Parameter count: How many accounts.
    static func measure(_ count: Int) async throws {
        var configuration = SimulatorConfiguration()
        configuration.homes = [.builtIn("villa")]
        configuration.accounts = count
        let directory = FileManager.default.temporaryDirectory.appending(path: "fleet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await TCCSimulator.withRunning(configuration) { cloud in
            try await BrokerProcess.running { broker in
                try await FleetObserver.connected(to: broker.port) { observer in
                    let fleet = Fleet(
                        cloud: cloud,
                        broker: broker,
                        observer: observer,
                        program: Bench.program,
                        url: try await cloud.url,
                        directory: directory
                    )
                    try await fleet.measure(count)
                }
            }
        }
    }

    private func measure(_ count: Int) async throws {
        let numbers = Array(1...count)
        var bridges = try await start(numbers, "first start of \(count) bridges", pause: .zero)
        // Schedules come one a second after a first start.
        try await Task.sleep(for: .seconds(30))
        try await leaveAlone(Array(bridges.values))
        try await replaceOne(of: &bridges)
        try await stop(bridges)
        bridges = try await start(numbers, "restart of all at once", pause: .zero)
        try await stop(bridges)
        bridges = try await start(numbers, "restart, one each 300 ms", pause: .milliseconds(300))
        try await Task.sleep(for: .seconds(30))
        try reportMemory(Array(bridges.values))
        try await stop(bridges)
    }

    private func start(_ numbers: [Int], _ name: String, pause: Duration) async throws -> [Int: RunningProgram] {
        cloud.clearRequests()
        observer.forget()
        let began = ContinuousClock.now
        var bridges: [Int: RunningProgram] = [:]
        for number in numbers {
            bridges[number] = try await start(number)
            if pause > .zero { try await Task.sleep(for: pause) }
        }
        try await observer.sees(online: numbers.count)
        let online = ContinuousClock.now - began
        let spent = try bridges.values.map { try $0.processorTime().milliseconds }.reduce(0, +)
        report(name, String(format: "all online after %.1f s, processor time %.1f s", online.seconds, spent / 1000))
        report("  calls", calls)
        return bridges
    }

    private func start(_ number: Int) async throws -> RunningProgram {
        try await RunningProgram.start(
            .path(program),
            [
                "run", "--cloud-url", url, "--mqtt-url", "mqtt://127.0.0.1:\(broker.port)",
                "--mqtt-base-topic", "households/\(number)",
                "--state-file", directory.appending(path: "\(number).json").path(),
                "--account-username", number == 1 ? "user@example.com" : "user\(number)@example.com",
                "--account-password", "password",
            ],
            log: directory.appending(path: "\(number).log")
        )
    }

    private func stop(_ bridges: [Int: RunningProgram]) async throws {
        for bridge in bridges.values { bridge.send(SIGTERM) }
        for bridge in bridges.values { try await bridge.stop() }
    }

    /// How many calls there were, and how many in the busiest second.
    private var calls: String {
        let requests = cloud.requests()
        guard let first = requests.first?.receivedInstant else { return "none" }
        let seconds = Dictionary(grouping: requests) { Int(($0.receivedInstant - first).seconds) }
        let logins = requests.count { $0.grantType == "password" }
        let busiest = seconds.values.map(\.count).max() ?? 0
        return "\(requests.count), of which \(logins) logins; at most \(busiest) in a second"
    }

    private func leaveAlone(_ bridges: [RunningProgram]) async throws {
        cloud.clearRequests()
        let before = try bridges.map { try $0.processorTime() }
        let (received, sent) = (observer.received, observer.sent)
        try await Task.sleep(for: Self.interval)
        let spent = try zip(bridges, before).map { try $0.processorTime() - $1 }.map(\.milliseconds)
        let seconds = Self.interval.seconds
        report("processor time in \(Int(seconds)) s", String(format: "%.2f s of all", spent.reduce(0, +) / 1000))
        report("  each", spent.summary("ms"))
        report("calls in \(Int(seconds)) s", calls)
        try reportMemory(bridges)
        report(
            "broker",
            String(
                format: "%d retained messages; %.1f messages/s received, %.1f sent",
                observer.retained,
                Double(observer.received - received) / seconds,
                Double(observer.sent - sent) / seconds
            )
        )
    }

    private func reportMemory(_ bridges: [RunningProgram]) throws {
        report("proportional set size", try bridges.map { try $0.memory("Pss:") }.summary("MiB"))
        report("  anonymous", try bridges.map { try $0.memory("Pss_Anon:") }.summary("MiB"))
        report("resident, each", try bridges.map { try $0.memory("Rss:") }.summary("MiB"))
    }

    /// Kills one bridge and starts it again.
    private func replaceOne(of bridges: inout [Int: RunningProgram]) async throws {
        guard let (number, victim) = bridges.first else { return }
        cloud.clearRequests()
        observer.forget()
        try await victim.end(with: SIGKILL)
        let began = ContinuousClock.now
        bridges[number] = try await start(number)
        try await observer.sees(online: 1)
        let online = ContinuousClock.now - began
        try await Task.sleep(for: .seconds(2))
        let others = observer.states.keys.filter { $0 != "\(number)" }.count
        let ended = bridges.values.count(where: \.hasEnded)
        report(
            "one killed and started again",
            String(format: "online after %.0f ms; ", online.milliseconds)
                + "\(others) others said anything, \(ended) ended; calls: \(calls)"
        )
    }

    private func report(_ name: String, _ value: String) { Row(name: name, value: value).show() }
}

/// Sees at the broker which bridges are online, and what the broker says of itself.
private final class FleetObserver: Sendable {
    private let last = Mutex<[String: String]>([:])

    static func connected<Result: Sendable>(
        to port: Int,
        _ body: @Sendable (FleetObserver) async throws -> Result
    ) async throws -> Result {
        let client = try MosquittoClient(
            configuration: MQTTConfiguration(
                host: "127.0.0.1",
                port: port,
                clientID: "observer",
                subscriptions: [
                    "households/+/bridge/state", "$SYS/broker/retained messages/count",
                    "$SYS/broker/publish/messages/received", "$SYS/broker/publish/messages/sent",
                ]
            ),
            logger: Logger(label: "observer", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let observer = FleetObserver()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            group.addTask {
                for await event in client.events {
                    guard case .message(let message) = event else { continue }
                    observer.last.withLock { $0[message.topic] = String(decoding: message.payload, as: UTF8.self) }
                }
            }
            defer { group.cancelAll() }
            return try await body(observer)
        }
    }

    /// What each bridge said last, by its number.
    var states: [String: String] {
        last.withLock { last in
            Dictionary(
                uniqueKeysWithValues: last.filter { $0.key.hasPrefix("households/") }.map { topic, state in
                    (String(topic.split(separator: "/")[1]), state)
                }
            )
        }
    }

    var retained: Int { number("$SYS/broker/retained messages/count") }
    var received: Int { number("$SYS/broker/publish/messages/received") }
    var sent: Int { number("$SYS/broker/publish/messages/sent") }

    func forget() { last.withLock { last in last = last.filter { $0.key.hasPrefix("$") } } }

    func sees(online count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while states.values.count(where: { $0 == "online" }) < count {
            guard ContinuousClock.now < deadline else {
                throw BenchmarkError(description: "Not all bridges were online within 300 s.")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func number(_ topic: String) -> Int { last.withLock { $0[topic].flatMap(Int.init) } ?? 0 }
}

extension [Double] {
    /// Median and largest.
    fileprivate func summary(_ unit: String) -> String {
        let sorted = sorted()
        guard let largest = sorted.last else { return "-" }
        return String(format: "median %.2f  largest %.2f %@", sorted[sorted.count / 2], largest, unit)
    }
}
