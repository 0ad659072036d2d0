import Foundation
import TCCSimulator

/// Measures the release build of the bridge against a real broker and a simulated cloud, and prints a table.
///
/// The cloud is hosted here, so that the arrival of a call and the message that caused it are read off one clock; the
/// bridge and the broker are processes of their own. No figure is judged.
@main
struct Benchmark {
    static func main() async throws {
        var configuration = SimulatorConfiguration()
        configuration.homes = [.builtIn("villa")]
        configuration.loginLimit = .unlimited
        configuration.taskDuration = .zero ... .zero
        configuration.visibilityDelay = .zero ... .zero
        let table = try await TCCSimulator.withRunning(configuration) { cloud in
            try await BrokerProcess.running { broker in
                try await Peer.connected(to: broker.port) { peer in
                    let bench = try await Bench(cloud: cloud, broker: broker, peer: peer)
                    defer { bench.removeFiles() }
                    return try await bench.starts() + bench.polls() + bench.commands()
                }
            }
        }
        print("evohome-mqtt with 12 zones, loopback, untuned broker")
        for row in table { print(row.text) }
    }
}

/// One line of the table.
struct Row: Sendable {
    let name: String
    let value: String

    /// Within 80 columns.
    var text: String { "  " + name.padding(toLength: 46, withPad: " ", startingAt: 0) + value }
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
