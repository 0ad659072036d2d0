/// One entity for each class of fault.
///
/// The vendor's kinds of fault are an open set, so a part of their names tells them apart.
extension Component {
    /// - Parameter availability: Topics that say `online` while they can be relied on, where those of the device do not do.
    static func faults(availability: JSONValue? = nil) -> [Component] {
        [
            fault("battery", on: "value_json.faults | \(select(lowBattery))", availability),
            fault("connectivity", on: "not value_json.faults | \(select(lostContact))", availability),
            fault("problem", on: "value_json.faults | \(reject(lowBattery)) | \(reject(lostContact))", availability),
        ]
    }

    private static let lowBattery = "low_battery"
    /// What a boiler or a valve has lost is not the radio contact of the device itself.
    private static let lostContact = "^(?!boiler|.*valve).*communication_lost"

    private static func select(_ pattern: String) -> String { "selectattr('type','search','\(pattern)')" }
    private static func reject(_ pattern: String) -> String { "rejectattr('type','search','\(pattern)')" }

    private static func fault(_ key: String, on condition: String, _ availability: JSONValue?) -> Component {
        Component(
            key,
            .binarySensor,
            [
                "state_topic": "~",
                "value_template": "{{ 'ON' if \(condition) | list else 'OFF' }}",
                "device_class": .string(key),
                "entity_category": "diagnostic",
                "availability": availability,
            ]
        )
    }
}
