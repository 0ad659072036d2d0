import Basics
import BridgeCore
import BridgeServices
import Foundation
import Glibc
import HeatingModel
import Observability
import ServiceLifecycle
import SystemPackage
import TCCSimulator

/// The bridge in a simulated house, and the table that shows it.
struct DemoHouse: Service {
    let simulator: TCCSimulator
    let brokerURL: String
    let directory: DemoDirectory

    func run() async throws {
        let loaded = try await settings()
        let log = try FileDescriptor.open(
            directory.log,
            .writeOnly,
            options: [.create, .append],
            permissions: .ownerReadWrite
        )
        let logs = Logs(loaded.settings.log, destination: .fileDescriptor(log.rawValue), feed: LogFeed())
        let bridge = Bridge(loaded, logs: logs)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bridge.run() }
            group.addTask { await show(bridge.store, page: loaded.settings.http.listen) }
            defer { group.cancelAll() }
            try await group.next()
            try await group.waitForAll()
        }
    }

    private func settings() async throws -> Settings.Loaded {
        guard let port = FreePort.find() else { throw Failure(.unreachable, "There is no free port on loopback.") }
        return try Settings.load(
            flags: [
                "http.listen": "127.0.0.1:\(port)",
                "account.username": "user@example.com", "account.password": "password",
                "cloud.url": try await simulator.url, "cloud.poll_interval": "5s",
                "mqtt.url": brokerURL, "state.file": directory.stateFile.string,
            ],
            environment: [:]
        )
    }

    /// Draws the table whenever it changes: in place on a terminal, otherwise below the last one.
    private func show(_ store: SnapshotStore, page: ListenAddress?) async {
        await cancelWhenGracefulShutdown {
            let isTerminal = isatty(STDOUT_FILENO) == 1
            var last = ""
            while !Task.isCancelled {
                let table = DemoTable(
                    store: store,
                    brokerURL: brokerURL,
                    page: page.map { "http://\($0.endpoint)/" },
                    log: directory.log.string
                ).text
                if table != last {
                    print(isTerminal ? "\u{1b}[H\u{1b}[2J" + table : table + "\n", terminator: "")
                    fflush(nil)
                    last = table
                }
                try? await EventLoopClock().sleep(for: .milliseconds(250))
            }
            print("Stopping…")
        }
    }
}

/// The table of zones and the commands to try, for a terminal of 80 columns.
struct DemoTable {
    private let sites: [Site]
    private let layout: TopicLayout?
    private let health: CloudHealth
    private let brokerURL: String
    private let page: String?
    private let log: String

    init(store: SnapshotStore, brokerURL: String, page: String?, log: String) {
        sites = store.sites
        layout = store.layout
        health = store.health
        self.brokerURL = brokerURL
        self.page = page
        self.log = log
    }

    var text: String {
        (header + sites.flatMap(rows) + commands).joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        let cloud = "cloud: \(health.state.rawValue.replacing("_", with: " "))"
        return ["evohome-mqtt demo: a simulated house and a real broker".fitted(to: 79 - cloud.count) + cloud, ""]
    }

    private func rows(of site: Site) -> [String] {
        guard let table = SiteTable(site, at: SystemClock().now) else { return ["Reading \(site.location.name)…", ""] }
        return table.lines + [""]
    }

    private var commands: [String] {
        guard let layout, let example = exampleTopic(in: layout) else { return [] }
        let port = brokerURL.split(separator: ":").last ?? "1883"
        let open = page.map { ["Open \($0) in a browser, or try this in a second terminal:"] }
        return (open ?? ["Try this in a second terminal:"]) + [
            "  mosquitto_sub -p \(port) -v -t '\(layout.bridge.base)/#'",
            "  mosquitto_pub -p \(port) -t \(example)/set \\",
            "    -m '{\"setpoint\":22.5,\"duration\":\"90m\"}'",
            "  mosquitto_pub -p \(port) -t \(example)/set/mode \\",
            "    -m follow_schedule",
            "",
            "Log: \(log)",
            "Press Ctrl-C to stop.",
        ]
    }

    private func exampleTopic(in layout: TopicLayout) -> String? {
        for site in sites {
            for zone in site.system.zones {
                if let topic = layout.topic(of: .zone(zone.id, in: site.system.id)) { return topic }
            }
        }
        return nil
    }
}
