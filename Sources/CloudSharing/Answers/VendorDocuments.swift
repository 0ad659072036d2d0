import HeatingModel

// The places in the vendor's documents. Status and installation nest alike.

extension JSONSlice {
    var gateways: [JSONSlice] { self["gateways"]?.elements ?? [] }
    var systems: [JSONSlice] { self["temperatureControlSystems"]?.elements ?? [] }
    var zones: [JSONSlice] { self["zones"]?.elements ?? [] }
    var gatewayID: String? { (self["gatewayId"] ?? self["gatewayInfo"]?["gatewayId"])?.plainText }

    /// Something within a location.
    func find(_ kind: VendorPath.Kind, _ id: String) -> JSONSlice? {
        switch kind {
        case .location: return self
        case .gateway: return gateways.first { $0.gatewayID == id }
        case .system: return gateways.lazy.flatMap(\.systems).first { $0["systemId"]?.plainText == id }
        case .zone:
            return gateways.lazy.flatMap(\.systems).flatMap(\.zones).first { $0["zoneId"]?.plainText == id }
        case .hotWater:
            return gateways.lazy.flatMap(\.systems).compactMap { $0["dhw"] }.first { $0["dhwId"]?.plainText == id }
        }
    }
}

/// The changes that a client sees in a document, beside the cloud's own bytes.
extension JSONEdits {
    /// Leaves the control systems out, as the cloud does for those who do not ask for them.
    mutating func removeSystems(from location: JSONSlice) {
        for gateway in location.gateways { set("temperatureControlSystems", of: gateway, to: nil) }
    }

    /// Spells what differs in the older dialect (evohome-client commit bfad80c; Domoticz' `EvohomeWeb.cpp`).
    mutating func spellInOlderDialect(_ value: JSONSlice) {
        for member in value.members {
            if let name = Self.olderNames[String(decoding: member.key, as: UTF8.self)] { rename(member, to: name) }
            spellInOlderDialect(member.value)
        }
        for element in value.elements { spellInOlderDialect(element) }
    }

    private static let olderNames = [
        "setpointStatus": "heatSetpointStatus", "targetHeatTemperature": "targetTemperature", "setpointMode": "mode",
        "setpointCapabilities": "heatSetpointCapabilities", "heatSetpoint": "temperature",
    ]
}
