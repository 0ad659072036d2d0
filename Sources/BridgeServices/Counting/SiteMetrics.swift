import Basics
import BridgeCore
import HeatingModel
public import Observability

/// Metrics of sites, labelled with the words of their topics.
struct SiteMetrics {
    /// In the order of the samples.
    let sites: [Site]
    let layout: TopicLayout

    var families: [MetricFamily] {
        [
            .gauges(
                "evohome_site_available",
                "1 while the site's last answer is fresh and its gateway is in contact, else 0.",
                sites.map { MetricSample(["site": name(of: $0)], $0.isAvailable ? 1 : 0) }
            ),
            .gauges(
                "evohome_site_mode",
                "1 for the mode that the control system is in.",
                sites.compactMap { site in
                    site.status?.mode.map { MetricSample(["site": name(of: site), "mode": $0.rawValue], 1) }
                }
            ),
            .gauges(
                "evohome_site_faults",
                "Faults that the control system, its hot water and its zones have now.",
                sites.map { MetricSample(["site": name(of: $0)], Double($0.faultCount)) }
            ),
            .gauges(
                "evohome_hot_water_temperature_celsius",
                "The measured temperature of hot water, in °C.",
                sites.compactMap { site in
                    (site.status?.hotWater?.temperature).map { MetricSample(["site": name(of: site)], $0.celsius) }
                }
            ),
            .gauges(
                "evohome_zone_temperature_celsius",
                "The measured temperature of a zone, in °C.",
                zoneSamples(\.temperature)
            ),
            .gauges(
                "evohome_zone_setpoint_celsius",
                "The temperature that a zone is heated to, in °C.",
                zoneSamples(\.setpoint)
            ),
            .gauges(
                "evohome_changed_timestamp_seconds",
                "When a zone, hot water or a mode was last changed and by whom, in seconds since 1970.",
                sites.flatMap(changes)
            ),
        ]
    }

    /// What nobody has been seen to change has no sample.
    private func changes(of site: Site) -> [MetricSample<Double>] {
        let system = Target.system(site.system.id)
        let zones = site.system.zones.filter { !$0.isGhost(with: site.reported($0.id)) }
        let hotWater = site.system.hotWater.map { Target.hotWater($0.id, in: site.system.id) }
        let targets = [system] + (hotWater.map { [$0] } ?? []) + zones.map { .zone($0.id, in: site.system.id) }
        let depth = layout.topic(of: system)?.topicLevels.count ?? 1
        return targets.compactMap { target in
            guard let change = site.changes[target], let topic = layout.topic(of: target) else { return nil }
            let thing = topic.topicLevels.dropFirst(depth - 1).joined(separator: "/")
            return MetricSample(
                ["site": name(of: site), "topic": thing, "by": change.by.rawValue],
                change.at.secondsSince1970
            )
        }
    }

    /// A zone whose value is not known has no sample.
    private func zoneSamples(_ figure: (ZoneStatus) -> Temperature?) -> [MetricSample<Double>] {
        sites.flatMap { site in
            site.system.zones.compactMap { zone in
                guard let status = site.reported(zone.id), !zone.isGhost(with: status), let value = figure(status),
                    let topic = layout.topic(of: .zone(zone.id, in: site.system.id))
                else { return nil }
                return MetricSample(
                    ["site": name(of: site), "zone": topic.topicLevels.last ?? "", "name": zone.name],
                    value.celsius
                )
            }
        }
    }

    private func name(of site: Site) -> String {
        layout.topic(of: .system(site.system.id))?.topicLevels.dropLast().last ?? ""
    }
}

extension Site {
    fileprivate var faultCount: Int {
        guard let status else { return 0 }
        return status.faults.count + (status.hotWater?.faults.count ?? 0)
            + status.zones.map(\.faults.count).reduce(0, +)
    }
}

extension SnapshotStore: MetricSource {
    public var metrics: [MetricFamily] {
        health.metrics + (layout.map { SiteMetrics(sites: sites, layout: $0).families } ?? [])
    }
}

extension CloudHealth {
    fileprivate var metrics: [MetricFamily] {
        [
            .gauges(
                "evohome_cloud_state",
                "1 for the state that the cloud is in, as on bridge/cloud.",
                State.allCases.map { MetricSample(["state": $0.rawValue], $0 == state ? 1 : 0) }
            ),
            .gauge(
                "evohome_last_success_timestamp_seconds",
                "When the cloud last gave an answer that could be used, in seconds since 1970.",
                lastSuccess?.secondsSince1970
            ),
            .gauge(
                "evohome_cloud_retry_timestamp_seconds",
                "When the cloud is asked again, in seconds since 1970; only while it fails.",
                retryAt?.secondsSince1970
            ),
        ]
    }
}
