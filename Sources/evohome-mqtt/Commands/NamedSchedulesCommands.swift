import ArgumentParser
import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Logging

// Schedules that are kept under names, such as "winter".

extension SchedulesCommand {
    struct Save: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "save",
            abstract: "Saves all schedules under a name, such as winter, to be applied later.",
            discussion: "Replaces what was saved under the name before. Everything is kept beside the state file."
        )

        @Argument(help: "Name of up to 64 characters.") var name: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let name = try ScheduleLibrary.Name(argument: name)
                let settings = try options.load().settings
                let progress = Progress()
                defer { progress.end() }
                let saved = try await OneShotSession.with(settings) { session in
                    try await session.namedSchedules(in: ScheduleLibraryFile(of: settings))
                        .save(as: name, at: session.clock.now) {
                            progress.show("Reading \($1) of \($2): \($0.name)")
                        }
                }
                progress.end()
                for step in saved.steps { print("\(step.named.name.printable): \(step.saving.words)") }
                if saved.isReplaced { StandardError.say("Replaced what was saved as \(name.description.printable).") }
            }
        }
    }

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply",
            abstract: "Writes the schedules that were saved under a name, where they differ from the cloud's.",
            discussion: """
                Continues after a failure, and can be repeated. Exits with status 0 if every schedule is as it was \
                saved.
                """
        )

        @Argument(help: "Name that the schedules were saved under.") var name: String
        @Argument(help: "Zones to limit it to, by name, id or name in topics; or hot-water.") var zones: [String] = []
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let name = try ScheduleLibrary.Name(argument: name)
                let settings = try options.load().settings
                let progress = Progress()
                defer { progress.end() }
                let steps = try await OneShotSession.with(settings) { session in
                    let restore = try await session.scheduleRestore()
                    return try await session.namedSchedules(in: ScheduleLibraryFile(of: settings))
                        .apply(name, to: zones.isEmpty ? nil : zones, by: restore) {
                            progress.show("Writing \($1) of \($2): \($0.name)")
                        }
                }
                progress.end()
                try SchedulesCommand.report(steps)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists the names that schedules are saved under."
        )

        @Flag(help: "Print JSON.") var json = false
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                do {
                    let library = try await ScheduleLibraryFile(of: try options.load().settings).contents()
                    if json { return print(library.list.lines(toDepth: 1)) }
                    for (name, saved) in library.all {
                        print("\(name.printable): \(saved.schedules.entries.count) schedules, saved at \(saved.at)")
                    }
                } catch let failure as NamedSchedules.Failure {
                    throw Failure(failure)
                }
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Deletes the schedules saved under a name."
        )

        @Argument(help: "Name that the schedules were saved under.") var name: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let name = try ScheduleLibrary.Name(argument: name)
                do {
                    try await ScheduleLibraryFile(of: try options.load().settings).delete(name)
                } catch let failure as NamedSchedules.Failure {
                    throw Failure(failure)
                }
                print("Deleted what was saved as \(name.description.printable).")
            }
        }
    }
}

extension ScheduleLibraryFile {
    /// For a command that does one thing.
    fileprivate init(of settings: Settings) {
        let logs = Logs(Settings.Log(level: max(settings.log.level, .warning), format: settings.log.format))
        self.init(beside: settings.state.file, logger: logs.logger(for: "state"))
    }
}

extension OneShotSession {
    fileprivate func namedSchedules(in library: ScheduleLibraryFile) -> NamedSchedules {
        NamedSchedules(library: library, reader: reader, store: store)
    }
}

extension ScheduleLibrary.Name {
    fileprivate init(argument: String) throws(Failure) {
        do throws(Refusal) {
            try self.init(argument)
        } catch {
            throw Failure(.badData, error.message)
        }
    }
}

extension NamedSchedules.Saving {
    fileprivate var words: String {
        switch self {
        case .saved: "saved"
        case .absent: "has no schedule"
        case .refused(let failure): "skipped: \(failure.sentence)"
        }
    }
}

extension Failure {
    init(_ failure: NamedSchedules.Failure) {
        switch failure {
        case .refused(let refusal): self.init(.badData, refusal.message)
        case .unreached(let failure): self.init(failure)
        case .storage(let failure): self.init(failure.isInUse ? .tryLater : .cannotWrite, failure.sentence)
        }
    }
}
