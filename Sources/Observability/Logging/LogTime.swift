import Glibc

/// A moment as log lines show it: UTC, with milliseconds.
struct LogTime: Equatable, Sendable {
    /// Since 1970.
    var seconds: Int
    /// 0 to 999.
    var milliseconds: Int

    /// The moment of the system's clock.
    static func now() -> LogTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(seconds: Int(time.tv_sec), milliseconds: Int(time.tv_nsec) / 1_000_000)
    }
}

extension LogTime: CustomStringConvertible {
    /// As `2026-11-24T13:40:01.123Z`.
    var description: String {
        var time = time_t(seconds)
        var civil = tm()
        gmtime_r(&time, &civil)
        let date = "\(digits(civil.tm_year + 1900, 4))-\(digits(civil.tm_mon + 1, 2))-\(digits(civil.tm_mday, 2))"
        let clock = "\(digits(civil.tm_hour, 2)):\(digits(civil.tm_min, 2)):\(digits(civil.tm_sec, 2))"
        return "\(date)T\(clock).\(digits(CInt(milliseconds), 3))Z"
    }

    private func digits(_ number: CInt, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
