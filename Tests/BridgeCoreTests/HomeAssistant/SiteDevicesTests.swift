import BridgeCore
import HeatingModel
import Testing

@Suite("What entities can do is what the cloud allows")
struct SiteDevicesTests {
    private let zone = "evohome_zone_7011"
    private let system = "evohome_system_7003"

    private func announced(_ change: (inout Site) -> Void) throws -> Announced {
        var site = try MillHouse.announcedSite()
        change(&site)
        site.location.systems = [site.system]
        return try Announced(site)
    }

    @Test("A zone's range and step are its own, and its lowest setpoint is off")
    func range() throws {
        let climate = try announced { $0.system.zones[0].setpoint.minimum = 4.5 }.component("climate", of: zone)
        #expect(climate["min_temp"] == 4.5 && climate["max_temp"] == 30.0 && climate["temp_step"] == 0.5)
        #expect(climate["mode_command_template"]?.plainText.contains(#"{"setpoint":4.5,"until":"forever"}"#) == true)
        #expect(climate["mode_state_template"]?.plainText.contains("<= 4.5") == true)
    }

    @Test("Without a lowest setpoint nothing is off, and no range is made up")
    func noRange() throws {
        let climate = try announced {
            $0.system.zones[0].setpoint.minimum = nil
            $0.system.zones[0].setpoint.maximum = nil
        }.component("climate", of: zone)
        #expect(climate["modes"] == ["heat"])
        #expect(climate["min_temp"] == nil && climate["max_temp"] == nil)
    }

    @Test("Presets are those that are allowed, if any")
    func presets() throws {
        let permanent = try announced {
            $0.system.zones[0].setpoint.allowedModes = [.followSchedule, .permanentOverride]
        }
        #expect(try permanent.component("climate", of: zone)["preset_modes"] == ["permanent"])
        let none = try announced { $0.system.zones[0].setpoint.allowedModes = [.followSchedule] }
        #expect(try none.component("climate", of: zone)["preset_modes"] == nil)
        #expect(try none.component("climate", of: zone)["preset_mode_command_topic"] == nil)
    }

    @Test("An evohome has presets, a select of all its modes, and a button for the reset")
    func evohome() throws {
        let announced = try announced { _ in }
        let climate = try announced.component("climate", of: system)
        #expect(climate["modes"] == ["off", "heat"])
        #expect(climate["preset_modes"] == ["away", "eco", "home", "Custom"])
        #expect(
            try announced.component("mode", of: system)["options"]
                == ["auto", "auto_with_eco", "away", "day_off", "heating_off", "custom"]
        )
        #expect(try announced.component("reset", of: system)["payload_press"] == "auto_with_reset")
    }

    @Test("A thermostat without a controller has off, cool and heat, and its reset button is removed")
    func thermostat() throws {
        let announced = try announced { site in
            site.system.allowedModes = ["off", "heat", "cool"].map {
                AllowedSystemMode(mode: SystemMode(rawValue: $0), canBePermanent: true, canBeTemporary: false)
            }
            site.status?.mode = SystemMode(rawValue: "heat")
        }
        let climate = try announced.component("climate", of: system)
        #expect(climate["modes"] == ["off", "cool", "heat"])
        #expect(climate["mode_command_template"] == "{{ {'off':'off','cool':'cool'}.get(value,'heat') }}")
        #expect(climate["preset_modes"] == nil)
        #expect(try announced.component("reset", of: system) == ["platform": "button"])
    }

    @Test("An unknown mode is among the options while it is active")
    func unknownMode() throws {
        let hibernating = try announced { $0.status?.mode = SystemMode(rawValue: "hibernate") }
        guard case .array(let options)? = try hibernating.component("mode", of: system)["options"] else {
            Issue.record("There are no options.")
            return
        }
        #expect(options.last == "hibernate")
    }

    @Test("Faults can be seen while the gateway is lost")
    func faults() throws {
        let announced = try announced { _ in }
        #expect(
            try announced.component("connectivity", of: system)["availability"] == [["topic": "evohome/bridge/state"]]
        )
        #expect(try announced.component("connectivity", of: zone)["availability"] == nil)
    }

    @Test("Documents wait for the first status and change only when something in them changes")
    func changes() throws {
        var site = try MillHouse.announcedSite()
        let first = try #require(SiteDevices(site))
        site.status?.zones[0].temperature = 25
        site.status?.mode = .away
        #expect(SiteDevices(site) == first)
        site.status?.zones[1].setpoint = 62
        #expect(SiteDevices(site) != first)
        site.status = nil
        #expect(SiteDevices(site) == nil)
    }
}
