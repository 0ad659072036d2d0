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

    init(homes: Homes, brokerURL: String, log: String) {
        sites = homes.systems.sorted().compactMap { homes.site(of: $0) }
        layout = homes.layout
        health = homes.health
        self.brokerURL = brokerURL
        self.log = log
    }

    var text: String {
        (header + sites.flatMap(rows) + commands).joined(separator: "\n") + "\n"
    }

    private var header: [String] {
        let cloud = "cloud: \(health.state.rawValue.replacing("_", with: " "))"
        return ["evohome-mqtt demo: a simulated house, a real broker".padded(to: 79 - cloud.count) + cloud, ""]
    }

    private func rows(of site: Site) -> [String] {
        guard let status = site.shown(at: SystemClock().now) else { return ["Reading \(site.location.name)…", ""] }
        let mode = status.mode.map { "\($0)".replacing("_", with: " ") } ?? "-"
        let zones = status.zones.compactMap { row(of: $0, in: site) }
        return ["\(site.location.name) (\(mode))"] + [Self.titles] + zones + hotWaterRow(status.hotWater, in: site) + [
            ""
        ]
    }

    private static let titles = row("Zone", "Now", "Setpoint", "Mode", "Until")

    private func row(of shown: ZoneStatus, in site: Site) -> String? {
        guard let zone = site.system.zones.first(where: { $0.id == shown.id }), !zone.isGhost(with: shown) else {
            return nil
        }
        return Self.row(
            zone.name,
            Self.degrees(shown.temperature),
            Self.degrees(shown.setpoint),
            Self.words(shown.mode),
            Self.time(shown.until, in: site)
        )
    }

    private func hotWaterRow(_ status: HotWaterStatus?, in site: Site) -> [String] {
        guard let status else { return [] }
        let state = status.state.map(\.rawValue) ?? "-"
        let end = Self.time(status.until, in: site)
        return [Self.row("Hot water", Self.degrees(status.temperature), state, Self.words(status.mode), end)]
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

    // MARK: - Cells

    private static func row(_ name: String, _ now: String, _ setpoint: String, _ mode: String, _ until: String)
        -> String
    {
        let numbers = now.paddedLeft(to: 9) + setpoint.paddedLeft(to: 10)
        return "  " + name.padded(to: 20) + numbers + "   " + mode.padded(to: 21) + until
    }

    private static func degrees(_ temperature: Double?) -> String {
        temperature.map { "\($0) °C" } ?? "-"
    }

    private static func words(_ mode: SetpointMode?) -> String {
        mode?.rawValue.replacing("_", with: " ") ?? "-"
    }

    private static func time(_ instant: Instant?, in site: Site) -> String {
        instant.map { "\(site.location.timeZone.localDateTime(at: $0).timeOfDay)" } ?? ""
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        count >= width ? String(prefix(width - 1)) + " " : self + String(repeating: " ", count: width - count)
    }

    fileprivate func paddedLeft(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
