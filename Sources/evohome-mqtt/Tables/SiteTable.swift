import Basics
import BridgeCore
import HeatingModel

/// A site as a table of its zones, for a terminal of 80 columns.
struct SiteTable {
    private let site: Site
    private let status: ControlSystemStatus
    private let now: Instant

    /// - Returns: `nil` while the state of the site is not known.
    init?(_ site: Site, at now: Instant) {
        guard let status = site.shown(at: now) else { return nil }
        self.site = site
        self.status = status
        self.now = now
    }

    /// The site's name and mode, and a row for each zone and for hot water.
    var lines: [String] {
        [heading, Self.row("Zone", "Now", "Setpoint", "Mode", "Until")] + site.system.zones.compactMap(row)
            + hotWaterRow
    }

    /// A line for each fault.
    var faults: [String] {
        let zones = status.zones.flatMap { zone in
            zone.faults.map { line($0, of: zone.name ?? zone.id.text) }
        }
        let hotWater = status.hotWater?.faults.map { line($0, of: "Hot water") } ?? []
        return status.faults.map { line($0, of: "System") } + zones + hotWater
    }

    private var heading: String {
        let mode = status.mode.map { "\($0)".replacing("_", with: " ") } ?? "mode unknown"
        let end = status.until.map { " until \(site.location.timeZone.shown($0, at: now))" } ?? ""
        let contact = site.isAvailable ? "" : ", not available"
        return "\(site.location.name.cut(to: 32)) (\((mode + end + contact).cut(to: 44)))"
    }

    private func row(of zone: Zone) -> String? {
        let status = status.zones.first { $0.id == zone.id }
        guard !zone.isGhost(with: status) else { return nil }
        return Self.row(
            zone.name,
            Self.degrees(status?.temperature),
            Self.degrees(status?.setpoint),
            Self.words(status?.mode),
            time(status?.until)
        )
    }

    private var hotWaterRow: [String] {
        guard site.system.hotWater != nil, let hotWater = status.hotWater else { return [] }
        let state = hotWater.state?.rawValue ?? "-"
        let end = time(hotWater.until)
        return [Self.row("Hot water", Self.degrees(hotWater.temperature), state, Self.words(hotWater.mode), end)]
    }

    private func line(_ fault: Fault, of name: String) -> String {
        let kind = "\(fault.kind)".replacing("_", with: " ")
        let since = fault.since.map { ", since \(site.location.timeZone.shown($0, at: now))" } ?? ""
        return "  ! \(name.cut(to: 20)): \(kind)\(since)".cut(to: 80)
    }

    private func time(_ instant: Instant?) -> String {
        instant.map { site.location.timeZone.shown($0, at: now) } ?? ""
    }

    // MARK: - Cells

    private static func row(_ name: String, _ now: String, _ setpoint: String, _ mode: String, _ until: String)
        -> String
    {
        let numbers = now.fittedRight(to: 9) + setpoint.fittedRight(to: 10)
        return ("  " + name.fitted(to: 20) + numbers + "  " + mode.fitted(to: 20) + until).trimmingTrailingSpaces
    }

    private static func degrees(_ temperature: Temperature?) -> String {
        temperature.map { "\($0) °C" } ?? "-"
    }

    private static func words(_ mode: SetpointMode?) -> String {
        mode?.rawValue.replacing("_", with: " ") ?? "-"
    }
}

extension LocationTimeZone {
    /// A moment in local time, to the minute: `18:00` for today, else `2026-11-28 18:00`.
    func shown(_ instant: Instant, at now: Instant) -> String {
        let date = "yyyy-mm-dd".count
        let text = "\(localDateTime(at: instant))".replacing("T", with: " ").prefix("yyyy-mm-dd hh:mm".count)
        let isToday = "\(localDateTime(at: now))".prefix(date) == text.prefix(date)
        return String(isToday ? text.dropFirst(date + 1) : text)
    }
}
