import Basics
import Foundation
import SimulatorTestSupport
import TCCSimulator

/// Measures the release build of the bridge against a real broker and a simulated cloud, and prints a table.
///
/// The cloud is hosted here, so that the arrival of a call and the message that caused it are read off one clock; the
/// bridge and the broker are processes of their own. No figure is judged.
@main
struct Benchmark {
    static func main() async throws {
        print("evohome-mqtt on loopback, untuned broker; starts and polls with 12 zones")
        for row in try await StatusCost.rows() { print(row.text) }
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
        guard let folder = ProcessInfo.processInfo.environment["BENCHMARK_CERTIFICATES"] else {
            print("  Without BENCHMARK_CERTIFICATES, a folder of certificates, TLS is left out.")
            return
        }
        print("over TLS")
        try await measure(homes: 43, certificates: URL(filePath: folder)) { bench in
            try await bench.commands() + bench.silence()
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
                    for row in try await rows(bench) { print(row.text) }
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

    var text: String { "  " + name.padding(toLength: 44, withPad: " ", startingAt: 0) + value }
}

extension Duration {
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
