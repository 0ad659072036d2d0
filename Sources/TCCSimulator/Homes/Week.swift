/// Weeks for homes that bring none.
enum Week {
    /// Up at half past six, out from half past eight, in at half past four; late and at home at the weekend.
    static func room(day: Double, night: Double) -> JSON {
        let away = (day + night) / 2
        let working: [(String, JSON)] = [
            ("06:30:00", .number(day)), ("08:30:00", .number(away)), ("16:30:00", .number(day + 0.5)),
            ("22:30:00", .number(night)),
        ]
        let atHome: [(String, JSON)] = [("08:00:00", .number(day)), ("23:00:00", .number(night))]
        return week("heatSetpoint", working: working, weekend: atHome)
    }

    static let hotWater = week(
        "dhwState",
        working: [("06:00:00", "On"), ("08:30:00", "Off"), ("17:00:00", "On"), ("22:00:00", "Off")],
        weekend: [("07:30:00", "On"), ("11:00:00", "Off"), ("16:00:00", "On"), ("22:30:00", "Off")]
    )

    private static func week(_ key: String, working: [(String, JSON)], weekend: [(String, JSON)]) -> JSON {
        let days = Weekday.allCases.map { day -> JSON in
            let points = day.number < 5 ? working : weekend
            return [
                "dayOfWeek": .string(day.rawValue),
                "switchpoints": .array(points.map { [key: $0.1, "timeOfDay": .string($0.0)] }),
            ]
        }
        return ["dailySchedules": .array(days)]
    }
}
