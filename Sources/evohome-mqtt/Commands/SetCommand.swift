import ArgumentParser
import Basics
import BridgeCore

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets a zone, the hot water or the system's mode, and waits for what comes of it.",
        discussion: """
            It ends with 0 when the gateway has taken it and the cloud shows it. A bridge may run beside it: both share \
            the state file.
            """,
        subcommands: [SetZone.self, SetMode.self, SetHotWater.self]
    )

    struct SetZone: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "zone",
            abstract: "Holds a setpoint, or follows the schedule again.",
            discussion:
                "A setpoint alone keeps the end of a running override, else it lasts until the next switchpoint."
        )

        @Argument(help: "The zone's name in any case, its id, or its name in topics.") var name: String
        @Argument(help: "A setpoint in °C such as 21.5, or auto.") var setpoint: String
        @OptionGroup var place: PlaceOption
        @OptionGroup var end: EndOptions
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            let isAuto = setpoint.lowercased() == "auto"
            let value = (try? JSONValue(parsing: setpoint.utf8)) ?? .string(setpoint)
            let order = isAuto ? JSONValue.Member("mode", "follow_schedule") : JSONValue.Member("setpoint", value)
            try await SetCommand.set([order] + end.members, options) { session in
                try await session.find(in: place.location) { finder throws(Refusal) in try finder.zone(called: name) }
            }
        }
    }

    struct SetMode: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mode",
            abstract: "Sets the mode of the whole system.",
            discussion:
                "away, day_off and custom end at a local midnight, today being day 1; auto_with_eco takes hours."
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
            abstract: "Switches the hot water on or off, or follows its schedule again."
        )

        @Argument(help: "on, off or auto.") var state: String
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
                try await session.carryOut(.object(members), on: try await find(session), progress)
            }
            print(done)
        }
    }
}

/// Which home is meant, where there are several.
struct PlaceOption: ParsableArguments {
    @Option(help: "The location's name or id, where there are several.") var location: String?
}

/// When something is to end.
struct EndOptions: ParsableArguments {
    @Option(name: .customLong("for"), help: "How long, such as 90m, 2h or 3d.") var duration: String?
    @Option(help: "A local time such as 18:00, next, forever, or 2026-11-24T18:00:00Z.") var until: String?

    func validate() throws {
        guard duration == nil || until == nil else { throw ValidationError("Give one of --for and --until.") }
    }

    /// As a message on a command topic has them.
    var members: [JSONValue.Member] {
        (duration.map { [.init("duration", .string($0))] } ?? []) + (until.map { [.init("until", .string($0))] } ?? [])
    }
}
