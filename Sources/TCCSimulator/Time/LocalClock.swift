import Foundation

/// The wall clock of a location, which schedules follow.
struct LocalClock: Sendable {
    private let zone: TimeZone

    /// - Parameter timeZone: The `timeZone` object of an installation. Its `timeZoneId` is the name of a Windows zone
    ///   without spaces and dots; for an unknown one, `offsetMinutes` applies all year.
    init(timeZone: JSON?) {
        let offset = timeZone?["offsetMinutes"]?.int ?? 0
        zone =
            timeZone?["timeZoneId"]?.string.flatMap { WindowsTimeZones.identifiers[$0] }
            .flatMap { TimeZone(identifier: $0) }
            ?? TimeZone(secondsFromGMT: offset * 60) ?? .gmt
    }

    /// Seconds east of Greenwich.
    func offset(at date: Date) -> Int { zone.secondsFromGMT(for: date) }

    /// The instant of a wall-clock time, `yyyy-MM-ddTHH:mm:ss`.
    func date(wallClock text: String) -> Date? {
        guard let naive = Timestamp.date(text) else { return nil }
        // The offset at the instant itself applies; reading the text as UTC comes close enough to find it.
        let guess = naive.addingTimeInterval(-Double(offset(at: naive)))
        return naive.addingTimeInterval(-Double(offset(at: guess)))
    }

    /// 0 at Monday 00:00, 10,079 at Sunday 23:59.
    func minuteOfWeek(at date: Date) -> Int {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + offset(at: date)
        // 1970-01-01 was a Thursday.
        return (seconds + 3 * 86_400).flooredRemainder(by: 7 * 86_400) / 60
    }
}

/// The vendor's time zones: Windows names without spaces and dots, from the Unicode CLDR table `windowsZones`.
enum WindowsTimeZones {
    static let identifiers: [String: String] = [
        "AlaskanStandardTime": "America/Anchorage",
        "ArabStandardTime": "Asia/Riyadh",
        "ArabianStandardTime": "Asia/Dubai",
        "ArgentinaStandardTime": "America/Argentina/Buenos_Aires",
        "AtlanticStandardTime": "America/Halifax",
        "AUSCentralStandardTime": "Australia/Darwin",
        "AUSEasternStandardTime": "Australia/Sydney",
        "AzoresStandardTime": "Atlantic/Azores",
        "BelarusStandardTime": "Europe/Minsk",
        "CenAustraliaStandardTime": "Australia/Adelaide",
        "CentralEuropeStandardTime": "Europe/Budapest",
        "CentralEuropeanStandardTime": "Europe/Warsaw",
        "CentralStandardTime": "America/Chicago",
        "ChinaStandardTime": "Asia/Shanghai",
        "EAfricaStandardTime": "Africa/Nairobi",
        "EAustraliaStandardTime": "Australia/Brisbane",
        "EEuropeStandardTime": "Europe/Chisinau",
        "ESouthAmericaStandardTime": "America/Sao_Paulo",
        "EasternStandardTime": "America/New_York",
        "EgyptStandardTime": "Africa/Cairo",
        "FLEStandardTime": "Europe/Kiev",
        "GMTStandardTime": "Europe/London",
        "GTBStandardTime": "Europe/Bucharest",
        "GreenlandStandardTime": "America/Godthab",
        "GreenwichStandardTime": "Atlantic/Reykjavik",
        "HawaiianStandardTime": "Pacific/Honolulu",
        "IndiaStandardTime": "Asia/Calcutta",
        "IsraelStandardTime": "Asia/Jerusalem",
        "JordanStandardTime": "Asia/Amman",
        "KaliningradStandardTime": "Europe/Kaliningrad",
        "KoreaStandardTime": "Asia/Seoul",
        "MiddleEastStandardTime": "Asia/Beirut",
        "MoroccoStandardTime": "Africa/Casablanca",
        "MountainStandardTime": "America/Denver",
        "NewZealandStandardTime": "Pacific/Auckland",
        "NewfoundlandStandardTime": "America/St_Johns",
        "PacificSAStandardTime": "America/Santiago",
        "PacificStandardTime": "America/Los_Angeles",
        "RomanceStandardTime": "Europe/Paris",
        "RussianStandardTime": "Europe/Moscow",
        "SAPacificStandardTime": "America/Bogota",
        "SingaporeStandardTime": "Asia/Singapore",
        "SouthAfricaStandardTime": "Africa/Johannesburg",
        "TasmaniaStandardTime": "Australia/Hobart",
        "TokyoStandardTime": "Asia/Tokyo",
        "TurkeyStandardTime": "Europe/Istanbul",
        "USEasternStandardTime": "America/Indianapolis",
        "USMountainStandardTime": "America/Phoenix",
        "UTC": "Etc/UTC",
        "WAustraliaStandardTime": "Australia/Perth",
        "WCentralAfricaStandardTime": "Africa/Lagos",
        "WEuropeStandardTime": "Europe/Berlin",
    ]
}
