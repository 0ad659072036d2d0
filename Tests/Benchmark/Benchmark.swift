import Basics
import Foundation
import SimulatorTestSupport
import TCCSimulator

/// Measures the bridge that was built beside it against a real broker and a simulated cloud, and prints a table.
///
/// The cloud is hosted here, so that the arrival of a call and the message that caused it are read off one clock; the
/// bridge and the broker are processes of their own. No figure is judged. Arguments choose parts of the table.
@main
struct Benchmark {
    private enum Part: String, CaseIterable {
        /// Times, calls and memory of the bridge.
        case bridge
        /// Instructions, counted by valgrind.
        case instructions
        /// What other clients need for the same.
        case peers
        /// The bridge over TLS, with certificates of one's own.
        case tls
        /// Many accounts on one machine. This takes six minutes, and is measured only if it is named.
        case fleet
    }

    static func main() async {
        do {
            try await measure(CommandLine.arguments.dropFirst())
        } catch {
            print("The benchmark ends here: \(error)")
            exit(1)
        }
    }

    private static func measure(_ arguments: ArraySlice<String>) async throws {
        let parts = arguments.compactMap(Part.init)
        guard parts.count == arguments.count else {
            let all = Part.allCases.map(\.rawValue).joined(separator: ", ")
            throw BenchmarkError(description: "There are only these parts: \(all).")
        }
        for part in parts.isEmpty ? Part.allCases.filter({ $0 != .fleet }) : parts { try await measure(part) }
    }

    private static func measure(_ part: Part) async throws {
        switch part {
        case .bridge: try await measureBridge()
        case .instructions:
            print("instructions, with 12 zones")
            try await measure(homes: 1) { try await $0.instructions() }
        case .peers: try await measurePeers()
        case .tls:
            guard let folder = ProcessInfo.processInfo.environment["BENCHMARK_CERTIFICATES"] else {
                print("  Without BENCHMARK_CERTIFICATES, a folder of certificates, TLS is left out.")
                return
            }
            print("over TLS")
            try await measure(homes: 43, certificates: URL(filePath: folder)) { bench in
                try await bench.commands() + bench.silence()
            }
        case .fleet:
            print("200 accounts of 12 zones, a bridge for each")
            try await Fleet.measure(200)
        }
    }

    private static func measureBridge() async throws {
        print("evohome-mqtt on loopback, untuned broker; starts and polls with 12 zones")
        for row in try await StatusCost.rows() { row.show() }
        try await measure(homes: 1) { try await $0.starts() }
        for (home, name) in [("vision", "1 zone"), ("house", "6 zones"), ("villa", "12 zones")] {
            try await measure(home, homes: 1) { try await $0.calls(of: name) }
        }
        try await measure(homes: 1) { try await $0.polls() }
        try await measure(homes: 1, tasks: .seconds(4)) { try await $0.callsOfCommands() }
        try await measure(homes: 12, tasks: .seconds(4)) { try await $0.callsOfAScene("12 zones over 12 gateways") }
        try await measure(homes: 42) { try await $0.commands() }
        try await measure(homes: 1) { try await $0.page() }
        try await measure(homes: 42) { try await $0.clicks() }
    }

    private static func measurePeers() async throws {
        print("beside other clients: a home of 12 zones over TLS, read once a second")
        let folder = FileManager.default.temporaryDirectory.appending(path: "benchmark-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await OtherClients.makeCertificates(in: folder)
        try await measure(homes: 1, certificates: folder) { bench in
            try await bench.besideOthers() + OtherClients(cloud: bench.cloud, certificates: folder).rows()
        }
    }

    /// Prints a group of rows, measured in a world of its own.
    ///
    /// - Parameters:
    ///   - home: A built-in home.
    ///   - homes: How many copies of it the account has.
    ///   - tasks: How long a communication task takes.
    ///   - certificates: Where `server.pem`, `server.key` and `authority.pem` are, for a cloud that speaks TLS.
    private static func measure(
        _ home: String = "villa",
        homes: Int,
        tasks: Duration = .zero,
        certificates: URL? = nil,
        _ rows: @escaping @Sendable (Bench) async throws -> [Row]
    ) async throws {
        var configuration = SimulatorConfiguration()
        configuration.homes = [.builtIn(home)]
        configuration.copies = homes
        configuration.loginLimit = .unlimited
        configuration.taskDuration = tasks...tasks
        configuration.visibilityDelay = .zero ... .zero
        configuration.certificate = certificates.map { folder in
            SimulatorConfiguration.Certificate(
                certificatePath: folder.appending(path: "server.pem").path(),
                keyPath: folder.appending(path: "server.key").path()
            )
        }
        let authority = certificates?.appending(path: "authority.pem").path()
        try await TCCSimulator.withRunning(configuration) { cloud in
            try await BrokerProcess.running { broker in
                try await Peer.connected(to: broker.port) { peer in
                    let bench = try await Bench(cloud: cloud, broker: broker, peer: peer, authority: authority)
                    defer { bench.removeFiles() }
                    for row in try await rows(bench) { row.show() }
                }
            }
        }
    }
}

/// Why there is no figure.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
}

/// One line of the table.
struct Row: Sendable {
    let name: String
    let value: String

    /// Prints it at once, also into a file.
    func show() {
        print("  " + name.padding(toLength: 44, withPad: " ", startingAt: 0) + value)
        fflush(nil)
    }
}

extension Duration {
    var seconds: Double { milliseconds / 1000 }

    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}

extension [Duration] {
    /// Median, 99th percentile and worst, in milliseconds.
    var summary: String {
        let sorted = sorted()
        func at(_ share: Double) -> String {
            guard !sorted.isEmpty else { return "-" }
            let index = Int((Double(sorted.count - 1) * share).rounded())
            return String(format: "%.2f", sorted[index].milliseconds)
        }
        return "p50 \(at(0.5))  p99 \(at(0.99))  worst \(at(1)) ms"
    }
}
