/// Attributes of a main entity: `status` as Home Assistant's own evohome integration fills it, for dashboards and
/// automations that were written for that, and `topic`, for commands that Home Assistant has no service for.
enum Attributes {
    static func zone(at topic: String) -> JSONValue {
        template(
            topic,
            id: "zone_id",
            faults: "activeFaults",
            [
                "setpoints": setpoints(of: "setpoint", as: "temp"),
                "setpoint_status":
                    "{'setpoint_mode':\(mode),'target_heat_temperature':value_json.setpoint,'until':value_json.until}",
                "temperature_status": temperature,
            ]
        )
    }

    static func hotWater(at topic: String) -> JSONValue {
        template(
            topic,
            id: "dhw_id",
            faults: "activeFaults",
            [
                "setpoints": setpoints(of: "state", as: "state"),
                "state_status": "{'state':\(vendorForm(of: "state")),'mode':\(mode),'until':value_json.until}",
                "temperature_status": temperature,
            ]
        )
    }

    static func controlSystem(at topic: String) -> JSONValue {
        template(
            topic,
            id: "system_id",
            faults: "activeSystemFaults",
            [
                "system_mode_status":
                    "{'mode':\(mode),'is_permanent':value_json.permanent,'time_until':value_json.until}"
            ]
        )
    }

    private static func template(
        _ topic: String,
        id: String,
        faults: String,
        _ parts: KeyValuePairs<String, String>
    ) -> JSONValue {
        let members = [(id, "value_json.id"), (faults, "value_json.faults")] + parts.map { ($0, $1) }
        let status = members.map { "'\($0)':\($1)" }.joined(separator: ",")
        return "{{ {'status':{\(status)},'topic':\(JSONValue.string(topic).text)} | to_json }}"
    }

    private static let temperature = "{'is_available':value_json.available,'temperature':value_json.temperature}"
    private static let mode = vendorForm(of: "mode")

    /// The vendor's form of a word, such as `FollowSchedule`; nothing for `null`.
    private static func vendorForm(of member: String) -> String {
        "value_json.\(member)|default('',true)|replace('_',' ')|title|replace(' ','')"
    }

    private static func setpoints(of value: String, as name: String) -> String {
        let current = "(value_json.schedule.current or {})"
        let next = "(value_json.schedule.next or {})"
        return "{'this_sp_from':\(current).get('since'),'this_sp_\(name)':\(current).get('\(value)'),"
            + "'next_sp_from':\(next).get('at'),'next_sp_\(name)':\(next).get('\(value)')}"
    }
}
