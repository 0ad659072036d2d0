import Basics
import HeatingModel

extension LocationTimeZone {
    /// A moment on the location's clock, to the minute: `18:00` for one of today, else `2026-11-28 18:00`.
    func shown(_ instant: Instant, at now: Instant) -> String {
        let date = "yyyy-mm-dd".count
        let text = "\(localDateTime(at: instant))".replacing("T", with: " ").prefix("yyyy-mm-dd hh:mm".count)
        let isToday = "\(localDateTime(at: now))".prefix(date) == text.prefix(date)
        return String(isToday ? text.dropFirst(date + 1) : text)
    }
}
