import Basics
import BridgeCore
import HeatingModel

/// A schedule as a table of its days, for a terminal of 80 columns.
struct ScheduleTable {
    /// As many as a controller takes per day.
    private static let switchpointsPerLine = 6

    let lines: [String]

    init(_ schedule: AnySchedule) {
        lines =
            switch schedule {
            case .zone(let schedule): Self.lines(schedule)
            case .hotWater(let schedule): Self.lines(schedule)
            }
    }

    private static func lines<Value: SetpointOrState>(_ schedule: Schedule<Value>) -> [String] {
        schedule.days.sorted { $0.key < $1.key }.flatMap { day, switchpoints in
            lines(of: day, switchpoints.map { "\($0.time) \($0.value.json.plainText)" })
        }
    }

    private static func lines(of day: Weekday, _ cells: [String]) -> [String] {
        guard !cells.isEmpty else { return ["\(day.capitalizedName.prefix(3))  -"] }
        return stride(from: 0, to: cells.count, by: switchpointsPerLine).map { first in
            let title = first == 0 ? String(day.capitalizedName.prefix(3)) : ""
            let line = cells[first...].prefix(switchpointsPerLine).map { $0.fitted(to: 12) }.joined()
            return (title.fitted(to: 5) + line).trimmingTrailingSpaces
        }
    }
}
