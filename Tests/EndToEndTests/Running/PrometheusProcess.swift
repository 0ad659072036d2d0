import AsyncHTTPClient
import Basics
import Foundation
import NIOCore
import Subprocess
import SystemPackage
import TestSupport

/// A real Prometheus that scrapes a bridge every second.
struct PrometheusProcess: Sendable {
    private static let executable = "/usr/bin/prometheus"
    private let port: Int

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: executable) }

    /// Runs it for as long as `body` runs.
    static func scraping(
        _ target: Int,
        rules: URL,
        _ body: @escaping @Sendable (PrometheusProcess) async throws -> Void
    ) async throws {
        let port = try freePort()
        let directory = FileManager.default.temporaryDirectory.appending(path: "prometheus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let configuration = directory.appending(path: "prometheus.yaml")
        try """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: ["\(rules.path())"]
        scrape_configs: [{job_name: evohome-mqtt, static_configs: [{targets: ["127.0.0.1:\(target)"]}]}]
        """.write(to: configuration, atomically: true, encoding: .utf8)
        _ = try await Subprocess.run(
            .path(FilePath(executable)),
            arguments: [
                "--config.file=\(configuration.path())", "--storage.tsdb.path=\(directory.path())data",
                "--web.listen-address=127.0.0.1:\(port)",
            ],
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(PrometheusProcess(port: port)))
            } catch {
                result = .failure(error)
            }
            await execution.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))])
            try result.get()
        }
    }

    /// Whether a query is understood, and has an answer.
    func finds(_ query: String) async -> Bool {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        let escaped = query.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        let data = await get("query?query=\(escaped)")
        return (data?["result"] as? [Any])?.isEmpty == false
    }

    /// How many rules could be evaluated.
    var goodRules: Int {
        get async {
            let groups = await get("rules")?["groups"] as? [[String: Any]] ?? []
            return groups.flatMap { $0["rules"] as? [[String: Any]] ?? [] }.count { $0["health"] as? String == "ok" }
        }
    }

    private func get(_ path: String) async -> [String: Any]? {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1/\(path)")
        guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(5)),
            let body = try? await response.body.collect(upTo: 1 << 24),
            let answer = try? JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
        else { return nil }
        return answer["data"] as? [String: Any]
    }
}
