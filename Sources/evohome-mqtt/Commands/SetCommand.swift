import ArgumentParser
import Basics
import BridgeCore

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets a zone, the hot water or the system mode, and waits for the outcome.",
        discussion: """
            Exits with status 0 when the gateway has accepted the change and the cloud shows it. A bridge may run at \
            the same time: both share the state file.
            """,
        subcommands: [SetZone.self, SetMode.self, SetHotWater.self]
    )

    struct SetZone: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "zone",
            abstract: "Overrides the setpoint of a zone, or returns it to its schedule.",
            discussion:
                "A setpoint alone keeps the end of a running override; otherwise it lasts until the next switchpoint."
        )

        @Argument(help: "Name of the zone in any case, its id, or its name in topics.") var name: String
        @Argument(help: "Setpoint in °C such as 21.5, or auto to follow the schedule.") var setpoint: String
        @OptionGroup var place: PlaceOption
        @OptionGroup var end: EndOptions
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            let isAuto = setpoint.lowercased() == "auto"
            let value = (try? JSONValue(parsing: setpoint.utf8)) ?? .string(setpoint)
            let member = isAuto ? JSONValue.Member("mode", "follow_schedule") : JSONValue.Member("setpoint", value)
            try await SetCommand.set([member] + end.members, options) { session in
                try await session.find(in: place.location) { finder throws(Refusal) in try finder.zone(called: name) }
            }
        }
    }

    struct SetMode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mode",
            abstract: "Sets the mode of the system.",
            discussion:
                "away, day_off and custom end at a local midnight, with today as day 1; auto_with_eco takes hours."
        )

        @Argument(help: "auto, auto_with_eco, away, day_off, custom, heating_off or auto_with_reset.") var mode: String
        @OptionGroup var place: PlaceOption
        @OptionGroup var end: EndOptions
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await SetCommand.set([.init("mode", .string(mode))] + end.members, options) { session in
                try await session.find(in: place.location) { finder throws(Refusal) in try finder.system() }
            }
        }
    }

    struct SetHotWater: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hot-water",
            abstract: "Turns the hot water on or off, or returns it to its schedule."
        )

        @Argument(help: "on, off, or auto to follow the schedule.") var state: String
        @OptionGroup var place: PlaceOption
        @OptionGroup var end: EndOptions
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await SetCommand.set([.init("state", .string(state))] + end.members, options) { session in
                try await session.find(in: place.location) { finder throws(Refusal) in try finder.hotWater() }
            }
        }
    }

    private static func set(
        _ members: [JSONValue.Member],
        _ options: SettingsOptions,
        _ find: (OneShotSession) async throws -> NamedTarget
    ) async throws {
        try await reportingFailures {
            let progress = Progress()
            defer { progress.end() }
            let done = try await OneShotSession.with(try options.load().settings) { session in
                try await session.carryOut(.object(members), on: { try await find(session) }, progress)
            }
            print(done)
        }
    }
}

/// Which location is meant, if there are several.
struct PlaceOption: ParsableArguments {
    @Option(help: "Name or id of the location, if there are several.") var location: String?
}

/// When something ends.
struct EndOptions: ParsableArguments {
    @Option(name: .customLong("for"), help: "How long, such as 90m, 01:30 or 3d.") var duration: String?
    @Option(help: "Local time such as 18:00 or 2026-11-24 18:00, UTC such as 2026-11-24T18:00:00Z, next, or forever.")
    var until: String?

    func validate() throws {
        guard duration == nil || until == nil else { throw ValidationError("Give either --for or --until, not both.") }
        // The rest is for the command itself to judge; only it would take a bare number, for minutes.
        guard let duration, duration.allSatisfy(\.isASCIIDigit) else { return }
        _ = try Duration(duration, of: "--for")
    }

    /// The same in a message on a command topic.
    var members: [JSONValue.Member] {
        (duration.map { [.init("duration", .string($0))] } ?? []) + (until.map { [.init("until", .string($0))] } ?? [])
    }
}
