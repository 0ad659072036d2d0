import Foundation
import Subprocess
import SystemPackage
import TCCSimulator
import TestSupport

/// What other clients need for the same: reading a home of 12 zones once a second over TLS, each in a process of its own.
/// They are the unmodified packages of Tests/Interoperability/setup and, where it is installed, Home Assistant.
struct OtherClients {
    private static let polls = 20
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    private struct Cost: Decodable {
        /// In milliseconds.
        let processorTimePerPoll: Double
        /// In MiB.
        let resident: Double
        let name: String
    }

    let cloud: TCCSimulator
    /// Where the certificates are.
    let certificates: URL

    /// Makes certificates for the cloud, like Tests/Interoperability.
    static func makeCertificates(in folder: URL) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = tests.appending(path: "Interoperability/certificate")
        let result = try await Subprocess.run(
            .path(FilePath(script.path())),
            arguments: [folder.path()],
            input: .none,
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else {
            throw BenchmarkError(description: "No certificates could be made: \(result.standardError)")
        }
    }

    func rows() async throws -> [Row] {
        let environment = ProcessInfo.processInfo.environment
        let clients =
            environment["BENCHMARK_CLIENTS"].map { URL(filePath: $0) }
            ?? FileManager.default.temporaryDirectory.appending(path: "evohome-mqtt-clients")
        let homeAssistant = environment["BENCHMARK_HOME_ASSISTANT"].map { URL(filePath: $0) }
        return try await rows(
            of: "evohome-async",
            in: clients,
            missing: "left out: Tests/Interoperability/setup \(clients.path()) installs it"
        )
            + rows(
                of: "home-assistant",
                in: homeAssistant,
                missing: "left out: BENCHMARK_HOME_ASSISTANT names a Python environment that has it"
            )
    }

    private func rows(of client: String, in environment: URL?, missing: String) async throws -> [Row] {
        guard let python = environment?.appending(path: "bin/python"),
            FileManager.default.isExecutableFile(atPath: python.path())
        else { return [Row(name: client, value: missing)] }
        cloud.clearRequests()
        _ = try await run(client, python, polls: 0)
        let start = cloud.requests()
        cloud.clearRequests()
        let cost = try await run(client, python, polls: Self.polls)
        let calls = Double(cloud.requests().count - start.count) / Double(Self.polls)
        return [Self.row(cost.name, start, calls, cost.processorTimePerPoll, cost.resident)]
    }

    /// - Parameters:
    ///   - start: The calls of a first start.
    ///   - calls: The calls of a poll.
    ///   - time: Processor time of a poll, in milliseconds.
    ///   - resident: In MiB.
    static func row(
        _ name: String,
        _ start: [RecordedRequest],
        _ calls: Double,
        _ time: Double,
        _ resident: Double
    ) -> Row {
        Row(
            name: name,
            value: String(
                format: "first start %d calls; poll %.2f ms, %.1f calls; resident %.1f MiB",
                start.count,
                time,
                calls,
                resident
            )
        )
    }

    private func run(_ client: String, _ python: URL, polls: Int) async throws -> Cost {
        let script = Self.tests.appending(path: "Benchmark/other_clients.py")
        let authority = certificates.appending(path: "authority.pem").path()
        let result = try await Subprocess.run(
            .path(FilePath(python.path())),
            arguments: [script.path(), client, "\(polls)"],
            environment: .inherit.updating([
                "SIMULATOR_PORT": "\(try await cloud.address.port)", "SSL_CERT_FILE": authority,
                "REQUESTS_CA_BUNDLE": authority,
            ]),
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        guard let last = result.standardOutput.split(separator: "\n").last,
            let cost = try? JSONDecoder().decode(Cost.self, from: Data(last.utf8))
        else {
            throw BenchmarkError(
                description:
                    "\(client) failed: \(result.standardOutput.suffix(500))\(result.standardError.suffix(2000))"
            )
        }
        return cost
    }
}
