import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("The dashboard and the alerts that come with the bridge", .timeLimit(.minutes(2)))
struct DashboardTests {
    private let page: AdminPage
    private let share: Share

    init() throws { (page, share) = (try AdminPage(), try Share()) }

    /// What a bridge serves only if the cloud has TLS, or says what is not understood.
    private static let seldom: Set = [
        "evohome_cloud_certificate_expiry_timestamp_seconds", "evohome_cloud_surprises_total",
    ]

    @Test("They ask for nothing that a bridge does not serve")
    func names() async throws {
        let texts = try Shipped.queries + [String(contentsOf: Shipped.alerts, encoding: .utf8)]
        let asked = Set(texts.flatMap { $0.matches(of: /(evohome|process)_[a-z_]+/).map { String($0.output.0) } })
        try await inATroubledHouse {
            let served = await page.get("/metrics")?.text ?? ""
            for name in asked.subtracting(Self.seldom) {
                let family = name.hasSuffix("_bucket") ? String(name.dropLast("_bucket".count)) : name
                #expect(served.contains("# TYPE \(family) "), "\(name)")
            }
        }
    }

    @Test(
        "Prometheus itself finds an answer to each query of the dashboard, and takes the alerts",
        .enabled(if: PrometheusProcess.isInstalled)
    )
    func queries() async throws {
        try await inATroubledHouse {
            try await PrometheusProcess.scraping(page.port, rules: Shipped.alerts) { prometheus in
                for query in try Shipped.queries {
                    try await eventually(timeout: .seconds(40), "\(query)") { await prometheus.finds(query) }
                }
                try await eventually { await prometheus.goodRules == 13 }
            }
        }
    }

    @Test("The alerts tell what they should, and nothing else", .enabled(if: Promtool.isInstalled))
    func alerts() async throws {
        #expect(try await Promtool.failures(of: Shipped.alertTests) == "")
    }

    /// One in which everything has happened that there are figures for: a command, other programs, and a cloud that is
    /// away.
    private func inATroubledHouse(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await World.exists { world in
            try await world.bridge(flags: page.flags + share.flags) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                try await world.watcher.say("21.5", on: "evohome/home/zone/kitchen/set/setpoint")
                try await eventually { world.watcher.last(on: "evohome/home/zone/kitchen/result") != nil }
                let program = try await share.loggedIn()
                _ = try await program.get("nothing")
                _ = try await share.client.logIn("evohome", "wrong")
                world.cloud.inject(Fault(.respond(.html(503)), for: .any, times: nil))
                try await eventually { await page.get("/metrics")?.text.contains("evohome_cloud_retry_") == true }
                try await body()
            }
        }
    }
}

/// The files as they stand in the repository.
private enum Shipped {
    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL

    static let alerts = root.appending(path: "config/prometheus/alerts.yaml")
    static let alertTests = root.appending(path: "Tests/Prometheus/alerts.test.yaml")

    /// What the dashboard asks, with everything chosen that can be chosen.
    static var queries: [String] {
        get throws {
            let data = try Data(contentsOf: root.appending(path: "config/grafana/evohome-mqtt.json"))
            let dashboard = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let panels = dashboard["panels"] as? [[String: Any]] ?? []
            let targets = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }
            let queries = targets.compactMap { $0["expr"] as? String }
            #expect(queries.count > 30)
            return queries.map { query in
                ["job", "instance", "site"].reduce(query) { $0.replacing("$\($1)", with: ".*") }
                    .replacing("$__rate_interval", with: "10s")
            }
        }
    }
}
