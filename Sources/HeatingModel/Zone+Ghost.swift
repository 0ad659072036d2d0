extension Zone {
    /// The vendor lists zones that were never paired, or are gone: of no known type, without a name, or out of reach at
    /// a setpoint of 62 °C (evohome-async fixtures; Home Assistant core issues 30945, 101355, 110065).
    public func isGhost(with status: ZoneStatus?) -> Bool {
        if type == "unknown" || model == "unknown" || name.isEmpty { return true }
        guard let status else { return false }
        return status.temperature == nil && (status.setpoint ?? 0) >= 62
    }
}
