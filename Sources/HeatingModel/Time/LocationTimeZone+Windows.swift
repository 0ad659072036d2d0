extension LocationTimeZone {
    /// The zone of a location as the cloud describes it.
    ///
    /// The cloud names Windows' zones, with spaces and dots left out: `GMTStandardTime`, `WEuropeStandardTime`. Windows'
    /// own spelling and any case are taken as well. A name that nobody knows, or none, gives a zone of the fixed offset
    /// that is not ``isExact``: right now, perhaps, but wrong by an hour after the next change of the clocks.
    ///
    /// - Parameters:
    ///   - windowsName: `timeZoneId` of the location.
    ///   - offsetMinutes: minutes ahead of UTC, for a name that is not known: `currentOffsetMinutes` of the location,
    ///     which contains summer time, rather than its `offsetMinutes`. UTC stands where this is missing too.
    public init(windowsName: String?, offsetMinutes: Int?) {
        if let windowsName, let known = Self(windowsName: windowsName) {
            self = known
        } else {
            self.init(offsetMinutes: offsetMinutes ?? 0)
        }
    }

    /// The zone of a Windows name, or `nil` where nobody knows it.
    public init?(windowsName: String) {
        guard let identifier = ianaNamesBySqueezedName[squeezed(windowsName)] else { return nil }
        self.init(identifier: identifier)
    }
}

/// The table by what is left of a name in each of its spellings.
private let ianaNamesBySqueezedName = Dictionary(
    ianaNamesByWindowsName.map { (squeezed($0.key), $0.value) },
    uniquingKeysWith: { first, _ in first }
)

/// Letters and digits alone, in lower case. No two of Windows' names are the same after it.
private func squeezed(_ name: String) -> String {
    String(name.lowercased().unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0) })
}
