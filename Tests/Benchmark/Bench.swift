import Basics
import Foundation
import Subprocess
import SystemPackage
import TCCClient
import TCCSimulator
import TestSupport

/// The rows of the table, and how each is measured.
struct Bench: Sendable {
    let cloud: TCCSimulator
    private let broker: BrokerProcess
    let peer: Peer
    private let url: String
    private let authority: String?
    let directory: URL

    /// - Parameter authority: The file with the authority of the cloud's certificate, where it speaks TLS.
    init(cloud: TCCSimulator, broker: BrokerProcess, peer: Peer, authority: String?) async throws {
        (self.cloud, self.broker, self.peer, self.authority) = (cloud, broker, peer, authority)
        // Certificates are for names.
        url = try await cloud.url.replacing("https://127.0.0.1", with: "https://localhost")
        directory = FileManager.default.temporaryDirectory.appending(path: "benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func removeFiles() {
        try? FileManager.default.removeItem(at: directory)
    }

    /// A first start, and ten restarts with a warm state file.
    func starts() async throws -> [Row] {
        var began = ContinuousClock.now
        let first = try await startBridge()
        let firstOnline = try await peer.comesOnline() - began
        _ = try await first.stop()
        var (online, afterAnswer, stop) = ([Duration](), [Duration](), [Duration]())
        for _ in 0..<10 {
            began = .now
            let bridge = try await startBridge()
            let moment = try await peer.comesOnline()
            online.append(moment - began)
            if let asked = cloud.requests().last?.receivedInstant { afterAnswer.append(moment - asked) }
            stop.append(try await bridge.stop())
        }
        return [
            Row(name: "first start to online", value: String(format: "%.0f ms", firstOnline.milliseconds)),
            Row(name: "restart to online (10)", value: online.summary),
            Row(name: "status asked to online, restart (10)", value: afterAnswer.summary),
            Row(name: "SIGTERM to exit (10)", value: stop.summary),
        ]
    }

    /// The calls of a first start until all schedules are known, of a restart, and of a day.
    func calls(of home: String) async throws -> [Row] {
        cloud.clearRequests()
        let first = try await startBridge()
        _ = try await peer.comesOnline()
        try await allSchedulesAreRead(14)
        let firstCalls = kinds()
        _ = try await first.stop()
        cloud.clearRequests()
        let second = try await startBridge()
        _ = try await peer.comesOnline()
        try await Task.sleep(for: .seconds(2))
        let secondCalls = kinds()
        _ = try await second.stop()
        return [
            Row(name: "calls of a first start, \(home)", value: firstCalls),
            Row(name: "calls of a restart, \(home)", value: secondCalls),
            try await DayOfCalls.row(of: home, at: cloud),
        ]
    }

    /// Twenty unchanged polls, and the memory after them.
    func polls() async throws -> [Row] {
        let bridge = try await startBridge(["--cloud-poll-interval", "1s"])
        _ = try await peer.comesOnline()
        try await Task.sleep(for: .seconds(2))
        cloud.clearRequests()
        let before = try bridge.processorTime()
        try await Task.sleep(for: .seconds(20))
        let spent = try bridge.processorTime() - before
        let polls = cloud.requests(RequestMatcher(path: "/status")).count
        let (resident, anonymous) = (try bridge.memory("Rss"), try bridge.memory("Anonymous"))
        _ = try await bridge.stop()
        return [
            Row(
                name: "processor time a poll (\(polls))",
                value: String(format: "%.2f ms", spent.milliseconds / Double(max(polls, 1)))
            ),
            Row(name: "memory", value: String(format: "resident %.1f MiB, anonymous %.1f MiB", resident, anonymous)),
        ]
    }

    /// The bridge as rows of the table of clients: it publishes what it reads. Others read no high-precision
    /// temperatures, or no schedules.
    func besideOthers() async throws -> [Row] {
        cloud.clearRequests()
        let first = try await startBridge()
        _ = try await peer.comesOnline()
        try await allSchedulesAreRead(14)
        let start = cloud.requests()
        _ = try await first.stop()
        var rows: [Row] = []
        for (name, flags) in [
            ("evohome-mqtt", []), ("  without high precision", ["--cloud-high-precision", "off"]),
        ] {
            let bridge = try await startBridge(["--cloud-poll-interval", "1s"] + flags)
            _ = try await peer.comesOnline()
            try await Task.sleep(for: .seconds(2))
            cloud.clearRequests()
            let before = try bridge.processorTime()
            try await Task.sleep(for: .seconds(20))
            let spent = try bridge.processorTime() - before
            let polls = Double(max(cloud.requests(RequestMatcher(path: "/status")).count, 1))
            let calls = Double(cloud.requests().count) / polls
            rows.append(OtherClients.row(name, start, calls, spent.milliseconds / polls, try bridge.memory("Rss")))
            _ = try await bridge.stop()
        }
        return rows
    }

    /// What commands cost at the cloud, with tasks of four seconds one after another.
    func callsOfCommands() async throws -> [Row] {
        let bridge = try await startBridge()
        _ = try await peer.comesOnline()
        try await allSchedulesAreRead(12)
        let zone = peer.zoneTopics[0]
        let single = try await callsOf(1) { try await peer.say("{\"setpoint\":21}", on: "\(zone)/set") }
        let slider = try await callsOf(40) {
            for step in 0..<40 { try await peer.say("\(10 + Double(step) / 2)", on: "\(zone)/set/setpoint") }
        }
        _ = try await bridge.stop()
        return [
            Row(name: "calls of one command", value: single),
            Row(name: "calls of a slider, 40 messages", value: slider),
        ] + (try await callsOfAScene("12 zones of one gateway"))
    }

    func callsOfAScene(_ name: String) async throws -> [Row] {
        let bridge = try await startBridge()
        _ = try await peer.comesOnline()
        let zones = peer.zoneTopics.prefix(12)
        let scene = try await callsOf(12) {
            for zone in zones { try await peer.say("{\"setpoint\":18.5,\"until\":\"forever\"}", on: "\(zone)/set") }
        }
        _ = try await bridge.stop()
        return [Row(name: "calls of a scene, \(name)", value: scene)]
    }

    /// Schedules come one a second after a first start, and would count as calls of a command.
    private func allSchedulesAreRead(_ count: Int) async throws {
        try await Task.sleep(for: .seconds(count + 2))
    }

    private func callsOf(_ commands: Int, _ body: () async throws -> Void) async throws -> String {
        cloud.clearRequests()
        let began = ContinuousClock.now
        try await peer.hears(outcomes: commands, after: body)
        return String(format: "%@ in %.0f s", kinds(), (ContinuousClock.now - began).milliseconds / 1000)
    }

    /// What the cloud was asked for since its requests were last cleared.
    private func kinds() -> String {
        let kinds = Dictionary(grouping: cloud.requests()) { request in
            request.method == "PUT" ? "PUT" : CloudEndpoint(path: request.path).rawValue
        }
        return kinds.sorted { $0.key < $1.key }.map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
    }

    /// From the message to the arrival of the call at the cloud.
    func commands() async throws -> [Row] {
        let bridge = try await startBridge(["--commands-per-minute", "100000"])
        _ = try await peer.comesOnline()
        // Each zone gets one command: a second one would wait for the outcome of the first.
        var topics = peer.zoneTopics[...]
        _ = try await latencies(of: topics.prefix(24), pause: .milliseconds(20))
        topics = topics.dropFirst(24)
        let spaced = try await latencies(of: topics.prefix(240), pause: .milliseconds(20))
        topics = topics.dropFirst(240)
        let together = try await latencies(of: topics.prefix(240), pause: .zero)
        _ = try await bridge.stop()
        return [
            Row(name: "command to call, every 20 ms (240)", value: spaced.summary),
            Row(name: "command to call, back to back (240)", value: together.summary),
        ]
    }

    /// The first command after nobody has asked for anything but a few polls.
    func silence() async throws -> [Row] {
        let bridge = try await startBridge(["--cloud-poll-interval", "10s"])
        _ = try await peer.comesOnline()
        var first: [Duration] = []
        for number in 0..<3 {
            try await Task.sleep(for: .seconds(25))
            first += try await latencies(of: peer.zoneTopics[number...number], pause: .zero)
        }
        _ = try await bridge.stop()
        return [Row(name: "first command after 25 s of silence (3)", value: first.summary)]
    }

    // MARK: - Parts

    /// The bridge, which is built beside the benchmark.
    static var program: FilePath {
        FilePath(CommandLine.arguments[0]).removingLastComponent().appending("evohome-mqtt")
    }

    func arguments(_ flags: [String] = [], of command: String = "run") -> [String] {
        [
            command, "--cloud-url", url, "--mqtt-url", "mqtt://127.0.0.1:\(broker.port)",
            "--state-file", directory.appending(path: "state.json").path(),
            "--account-username", "user@example.com", "--account-password", "password",
        ] + (authority.map { ["--cloud-ca-file", $0] } ?? []) + flags
    }

    func startBridge(_ flags: [String] = []) async throws -> RunningProgram {
        try await RunningProgram.start(.path(Self.program), arguments(flags))
    }

    /// From each command to the arrival of its call at the cloud.
    ///
    /// - Parameter send: Sends a payload to a zone, given by its topic; by MQTT if it is `nil`.
    func latencies(
        of topics: ArraySlice<String>,
        pause: Duration,
        setpoint: Double = 17.5,
        by send: ((_ payload: String, _ topic: String) async throws -> Void)? = nil
    ) async throws -> [Duration] {
        var latencies: [Duration] = []
        for topic in topics {
            cloud.clearRequests()
            let payload = "{\"setpoint\":\(setpoint),\"until\":\"forever\"}"
            let began = ContinuousClock.now
            if let send { try await send(payload, topic) } else { try await peer.say(payload, on: "\(topic)/set") }
            latencies.append(try await arrival() - began)
            if pause > .zero { try await Task.sleep(for: pause) }
        }
        return latencies
    }

    private func arrival() async throws -> ContinuousClock.Instant {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if let call = cloud.requests(RequestMatcher(method: "PUT")).first { return call.receivedInstant }
            try await Task.sleep(for: .microseconds(200))
        }
        throw BenchmarkError(description: "A command's call did not arrive within 10 s.")
    }
}
