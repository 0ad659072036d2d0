extension Site {
    // The keys of states whose values are plain, so that each of them can have a topic of its own.

    static let systemAttributes = ["id", "name", "model", "mode", "permanent", "until", "available"]
    static let hotWaterAttributes = ["id", "temperature", "available", "state", "mode", "until"]
    static let zoneAttributes = [
        "id", "name", "type", "model", "temperature", "available", "setpoint", "mode", "until", "min_setpoint",
        "max_setpoint", "setpoint_step",
    ]
}
