import HeatingModel
import Testing

@Suite("Words of the vendor's enumerations")
struct OpenWordTests {
    /// Any word at all.
    private struct Word: OpenWord {
        let rawValue: String
    }

    /// Words that the cloud is also told.
    private static let both = [
        ("FollowSchedule", "follow_schedule"), ("PermanentOverride", "permanent_override"),
        ("TemporaryOverride", "temporary_override"), ("VacationHold", "vacation_hold"), ("Auto", "auto"),
        ("AutoWithEco", "auto_with_eco"), ("AutoWithReset", "auto_with_reset"), ("Away", "away"), ("Custom", "custom"),
        ("DayOff", "day_off"), ("HeatingOff", "heating_off"), ("Off", "off"), ("Heat", "heat"), ("Cool", "cool"),
        ("On", "on"), ("Duration", "duration"), ("Period", "period"),
    ]

    /// Words that only come from it.
    private static let read = [
        ("EvoTouch", "evo_touch"), ("FocusProWifiRetail", "focus_pro_wifi_retail"),
        ("VisionProWifiRetail", "vision_pro_wifi_retail"), ("Sydney", "sydney"), ("Saratoga", "saratoga"),
        ("HeatingZone", "heating_zone"), ("RoundModulation", "round_modulation"), ("RoundWireless", "round_wireless"),
        ("Unknown", "unknown"), ("RadiatorZone", "radiator_zone"), ("UnderfloorHeating", "underfloor_heating"),
        ("ZoneValves", "zone_valves"), ("MixingValve", "mixing_valve"), ("ElectricHeat", "electric_heat"),
        ("ZoneTemperatureControl", "zone_temperature_control"), ("Thermostat", "thermostat"),
        ("Residential", "residential"), ("Commercial", "commercial"),
        ("TempZoneActuatorCommunicationLost", "temp_zone_actuator_communication_lost"),
        ("TempZoneActuatorLowBattery", "temp_zone_actuator_low_battery"),
        ("TempZoneSensorCommunicationLost", "temp_zone_sensor_communication_lost"),
        ("TempZoneSensorLowBattery", "temp_zone_sensor_low_battery"),
        ("DHWSensorCommunicationLost", "dhw_sensor_communication_lost"),
        ("GatewayCommunicationLost", "gateway_communication_lost"), ("BoilerInternalFault", "boiler_internal_fault"),
        ("BoilerCommunicationLost", "boiler_communication_lost"), ("BoilerServiceRequired", "boiler_service_required"),
        ("ChValveCommunicationLost", "ch_valve_communication_lost"), ("DHWActuatorFailure", "dhw_actuator_failure"),
        ("DHWActuatorCommunicationLost", "dhw_actuator_communication_lost"), ("DHWSensorFailure", "dhw_sensor_failure"),
        ("DHWSensorLowBattery", "dhw_sensor_low_battery"),
        ("SomethingNew2Come", "something_new2_come"), ("already_ours", "already_ours"), ("", ""),
        ("Two Words", "two_words"), ("Odd/Word+#", "odd_word__"), ("ÜberWert", "über_wert"),
    ]

    @Test("The vendor's form becomes ours", arguments: both + read)
    func fromVendor(vendor: String, ours: String) {
        #expect(Word(vendorText: vendor).rawValue == ours)
    }

    @Test("Ours becomes the vendor's", arguments: both)
    func toVendor(vendor: String, ours: String) {
        #expect(Word(rawValue: ours).vendorText == vendor)
    }

    @Test("Either form is understood in any case", arguments: both + read.filter { !$0.1.contains("__") })
    func meant(vendor: String, ours: String) {
        let word = Word(rawValue: ours)
        for typed in [
            vendor, ours, vendor.uppercased(), ours.uppercased(), vendor.lowercased(), ours.replacing("_", with: "-"),
        ] {
            #expect(word.isMeant(by: typed), "\(typed)")
        }
        #expect(!word.isMeant(by: ours + "x"))
    }
}
