/// A home that comes with the simulator. All are of the project's own making; their oddities are those of real ones.
public struct BuiltInHome: Sendable {
    /// What it is called on a command line.
    public let name: String
    /// What it shows, in one line.
    public let summary: String
    let documents: @Sendable () -> HomeDocuments

    /// Every built-in home, the default first.
    public static let all: [BuiltInHome] = [
        .init(name: "house", summary: "six rooms and hot water in London") { .house },
        .init(name: "flat", summary: "three rooms in Amsterdam, no hot water") { .flat },
        .init(name: "villa", summary: "twelve zones of every kind, with names that are hard on topics") { .villa },
        .init(name: "ghost", summary: "a left-over zone without a name, and one that only the status knows") { .ghost },
        .init(name: "faulty", summary: "lost sensors, low batteries, overrides with and without an end") { .faulty },
        .init(name: "two-systems", summary: "one location, two gateways, a control system on each") { .twoSystems },
        .init(name: "two-locations", summary: "a home and a summer house in two time zones") { .twoLocations },
        .init(name: "round", summary: "two Round thermostats on one system, one of them without a schedule") { .round },
        .init(name: "vision", summary: "a VisionPro whose zone shares the id of its system: heat, off, fan") {
            .vision
        },
        .init(name: "focus", summary: "a FocusPro with cooling and without schedule capabilities") { .focus },
        .init(name: "five-two", summary: "a thermostat whose week has a Monday and a Saturday only") { .fiveTwo },
        .init(name: "empty", summary: "a location without a gateway and a gateway without a system") { .empty },
        .init(name: "unknown", summary: "models, modes and faults that nobody has seen") { .unknown },
    ]

    static var names: String { all.map(\.name).joined(separator: ", ") }
}
