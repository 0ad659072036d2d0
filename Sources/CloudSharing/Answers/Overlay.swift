import Basics
import BridgeCore
import HeatingModel

/// Lays what was written over what was read, until a status shows it: only the fields that were written, so that nothing
/// else is made up.
struct Overlay {
    let bridge: any SharedBridge
    let now: Instant

    /// The changes of the status of a location.
    func edits(of status: JSONSlice, in location: Location) -> JSONEdits {
        var edits = JSONEdits()
        for system in location.systems {
            guard let site = bridge.site(of: system.id), !site.expectations.isEmpty, let shown = site.shown(at: now)
            else { continue }
            for (target, _) in site.expectations where target.systemID == system.id {
                lay(target, of: site, shown, over: status, &edits)
            }
        }
        return edits
    }

    private func lay(
        _ target: Target,
        of site: Site,
        _ shown: ControlSystemStatus,
        over status: JSONSlice,
        _ edits: inout JSONEdits
    ) {
        switch target {
        case .zone(let id, in: _):
            guard let zone = shown.zones.first(where: { $0.id == id }),
                let setpoint = status.find(.zone, id.text)?["setpointStatus"]
            else { return }
            if zone.setpoint != site.reported(id)?.setpoint, let value = zone.setpoint {
                edits.set("targetHeatTemperature", of: setpoint, to: value.json)
            }
            if let mode = zone.mode { edits.set("setpointMode", of: setpoint, to: mode.json) }
            edits.set("until", of: setpoint, to: zone.until?.json)
        case .hotWater(let id, in: _):
            guard let hotWater = shown.hotWater, let state = status.find(.hotWater, id.text)?["stateStatus"]
            else { return }
            if hotWater.state != site.status?.hotWater?.state, let value = hotWater.state {
                edits.set("state", of: state, to: value.json)
            }
            if let mode = hotWater.mode { edits.set("mode", of: state, to: mode.json) }
            edits.set("until", of: state, to: hotWater.until?.json)
        case .system(let id):
            guard let mode = shown.mode, let present = status.find(.system, id.text)?["systemModeStatus"] else {
                return
            }
            edits.set("mode", of: present, to: mode.json)
            edits.set("timeUntil", of: present, to: shown.until?.json)
            edits.set("isPermanent", of: present, to: shown.until == nil ? "true" : "false")
        }
    }

    // MARK: - API v1

    /// The changes of the devices of a location of API v1.
    ///
    /// - Parameter isOlder: Whether a status was read since: then everything that can be set is what that says.
    func edits(ofDevices devices: JSONSlice, in location: Location, isOlder: Bool) -> JSONEdits {
        var edits = JSONEdits()
        let sites = location.systems.compactMap { bridge.site(of: $0.id) }
        for device in devices.elements {
            guard let id = device["deviceID"]?.plainText, let values = device["thermostat"]?["changeableValues"] else {
                continue
            }
            for site in sites {
                guard let shown = site.shown(at: now) else { continue }
                if let zone = shown.zones.first(where: { $0.id.text == id }) {
                    guard isOlder || site.expectations[.zone(zone.id, in: shown.id)] != nil else { continue }
                    lay(zone, over: values, in: location, &edits)
                } else if let hotWater = shown.hotWater, hotWater.id.text == id {
                    guard isOlder || site.expectations[.hotWater(hotWater.id, in: shown.id)] != nil else { continue }
                    lay(hotWater, over: values, in: location, &edits)
                }
            }
        }
        return edits
    }

    private func lay(_ zone: ZoneStatus, over values: JSONSlice, in location: Location, _ edits: inout JSONEdits) {
        guard let setpoint = values["heatSetpoint"] else { return }
        if let value = zone.setpoint, setpoint["value"].flatMap({ Double($0.plainText) }) != value.celsius {
            edits.set("value", of: setpoint, to: value.json)
        }
        layStatus(zone.mode, zone.until, over: setpoint, in: location, &edits)
    }

    private func lay(
        _ hotWater: HotWaterStatus,
        over values: JSONSlice,
        in location: Location,
        _ edits: inout JSONEdits
    ) {
        switch hotWater.state {
        case .on?: edits.set("mode", of: values, to: "\"DHWOn\"")
        case .off?: edits.set("mode", of: values, to: "\"DHWOff\"")
        default: break
        }
        layStatus(hotWater.mode, hotWater.until, over: values, in: location, &edits)
    }

    private func layStatus(
        _ mode: SetpointMode?,
        _ until: Instant?,
        over values: JSONSlice,
        in location: Location,
        _ edits: inout JSONEdits
    ) {
        switch mode {
        case .followSchedule?: edits.set("status", of: values, to: "\"Scheduled\"")
        case .permanentOverride?: edits.set("status", of: values, to: "\"Hold\"")
        case .temporaryOverride?: edits.set("status", of: values, to: "\"Temporary\"")
        default: return
        }
        // In the location's own time, without a zone.
        edits.set("nextTime", of: values, to: until.map { "\"\(location.timeZone.localDateTime(at: $0))\"" })
    }
}

extension Temperature {
    fileprivate var json: String { "\(celsius)" }
}

extension OpenWord {
    fileprivate var json: String { JSONValue.string(vendorText).text }
}

extension Instant {
    fileprivate var json: String { "\"\(self)\"" }
}
