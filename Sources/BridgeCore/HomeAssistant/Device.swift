import HeatingModel

/// A device of Home Assistant's with its entities.
struct Device {
    /// ASCII letters, digits and `_`: Home Assistant accepts nothing else in its topics.
    let id: String
    let name: String
    /// What ids of its entities are proposed to begin with. Home Assistant writes other scripts in Latin letters.
    var slug = ""
    var manufacturer = "Resideo"
    /// What it is, such as `Radiator zone`. Home Assistant calls a device without it `<unknown>`.
    var model: String
    var serialNumber: String?
    var softwareVersion: String?
    /// The room that it is proposed for when it is seen for the first time.
    var area: String?
    /// Where it can be configured.
    var website: String?
    /// The id of the device that it is reached through.
    var parent: String?
    /// The topic that `~` means in its components.
    var topic: String?
    /// Topics that all say `online` while it can be relied on.
    var availability: [String] = []
    var components: [Component]

    /// The id of something that the vendor has an id for. Ids are unique within a kind only, so the kind is part of it.
    static func id(_ kind: String, _ vendorID: String) -> String {
        "evohome_\(kind)_" + String(vendorID.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// A snake_case word of the bridge's for people: `radiator_zone` is `Radiator zone`.
    ///
    /// - Returns: `nil` for one that says nothing.
    static func words(_ word: String) -> String? {
        guard !word.isEmpty, word != "unknown" else { return nil }
        return word.prefix(1).uppercased() + word.dropFirst().replacing("_", with: " ")
    }

    /// The document. With a key at this level that Home Assistant does not know it would refuse the whole of it.
    func json(version: String) -> JSONValue {
        [
            "device": .object(
                JSONValue.Member.all([
                    "identifiers": [.string(id)],
                    "name": .string(name),
                    "manufacturer": .string(manufacturer),
                    "model": .string(model),
                    "serial_number": serialNumber.map(JSONValue.string),
                    "sw_version": softwareVersion.map(JSONValue.string),
                    "suggested_area": area.map(JSONValue.string),
                    "configuration_url": website.map(JSONValue.string),
                    "via_device": parent.map(JSONValue.string),
                ])
            ),
            "origin": ["name": "evohome-mqtt", "sw_version": .string(version)],
            "availability": .array(availability.map { ["topic": .string($0)] }),
            "availability_mode": "all",
            "components": .object(components.map { JSONValue.Member($0.key, $0.json(in: self)) }),
        ]
    }
}
