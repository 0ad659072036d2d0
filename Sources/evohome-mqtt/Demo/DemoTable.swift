import Basics
import BridgeCore
import BridgeServices
import HeatingModel

/// The table of zones and the commands to try, for a terminal of 80 columns.
struct DemoTable {
    private let sites: [Site]
    private let layout: TopicLayout?
    private let health: CloudHealth
    private let brokerURL: String
    private let log: String

    init(store: SnapshotStore, brokerURL: String, log: String) {
        sites = store.sites
        layout = store.layout
        health = store.health
        self.brokerURL = brokerURL
        self.log = log
    }

    var text: String {
        (header + sites.flatMap(rows) + commands).joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        let cloud = "cloud: \(health.state.rawValue.replacing("_", with: " "))"
        return ["evohome-mqtt demo: a simulated house, a real broker".fitted(to: 79 - cloud.count) + cloud, ""]
    }

    private func rows(of site: Site) -> [String] {
        guard let table = SiteTable(site, at: SystemClock().now) else { return ["Reading \(site.location.name)…", ""] }
        return table.lines + [""]
    }

    private var commands: [String] {
        guard let layout, let example = exampleTopic(in: layout) else { return [] }
        let port = brokerURL.split(separator: ":").last ?? "1883"
        return [
            "Try in a second terminal:",
            "  mosquitto_sub -p \(port) -v -t '\(layout.bridge.base)/#'",
            "  mosquitto_pub -p \(port) -t \(example)/set \\",
            "    -m '{\"setpoint\":22.5,\"duration\":\"90m\"}'",
            "  mosquitto_pub -p \(port) -t \(example)/set/mode \\",
            "    -m follow_schedule",
            "",
            "Log: \(log)",
            "Ctrl-C stops all of it.",
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
