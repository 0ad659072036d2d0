import ArgumentParser
import Basics
import BridgeCore
import BridgeServices
import Foundation
import HeatingModel

struct SchedulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules",
        abstract: "Backs up, restores and shows the schedules of zones and hot water, and keeps them under names.",
        subcommands: [Backup.self, Restore.self, Show.self, Save.self, Apply.self, List.self, Delete.self]
    )

    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup",
            abstract: "Saves all schedules in a file, as JSON."
        )

        @Argument(help: "File to write; - for standard output.", completion: .file()) var file: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let progress = Progress()
                defer { progress.end() }
                let backup = try await OneShotSession.with(try options.load().settings) { session in
                    let (read, refused) = try await session.reader.readSchedules(
                        of: session.store.installation?.zonesAndHotWater ?? []
                    ) {
                        progress.show("Reading \($1) of \($2): \($0.name)")
                    }
                    progress.end()
                    for (named, failure) in refused {
                        StandardError.say("Skipped \(named.name.printable): \(failure.sentence)")
                    }
                    return ScheduleBackup(session.store.schedules, of: read)
                }
                try write(backup.json.lines(toDepth: 4) + "\n")
                StandardError.say("Read \(backup.entries.count) schedules.")
            }
        }

        private func write(_ text: String) throws {
            guard file != "-" else {
                print(text, terminator: "")
                return
            }
            do {
                try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
            } catch {
                throw Failure(.cannotWrite, "The file \(file) cannot be written: \(error.localizedDescription)")
            }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore",
            abstract: "Writes the schedules of a backup that differ from the cloud's, one after another.",
            discussion: """
                Takes the files of this program, evohome-async and evohomeclient2, and checks the whole file before \
                it writes anything. Continues after a failure, and can be repeated. Exits with status 0 if every \
                schedule is as in the file.
                """
        )

        @Argument(help: "File to read; - for standard input.", completion: .file()) var file: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let backup = try read()
                let progress = Progress()
                defer { progress.end() }
                let steps = try await OneShotSession.with(try options.load().settings) { session in
                    try await session.scheduleRestore().run(backup) {
                        progress.show("Restoring \($1) of \($2): \($0.name)")
                    }
                }
                progress.end()
                try SchedulesCommand.report(steps)
            }
        }

        private func read() throws -> ScheduleBackup {
            let data = try InputFile.read(file)
            do throws(BackupProblems) {
                return try ScheduleBackup(parsing: data)
            } catch {
                throw Failure(.badData, "\(file): \(error)")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Prints a schedule, in the location's local time."
        )

        @Argument(help: "Name of the zone in any case, its id, or its name in topics; or hot-water.") var name: String
        @Flag(help: "Print JSON, as on the topic of the schedule.") var json = false
        @OptionGroup var place: PlaceOption
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let (named, schedule) = try await OneShotSession.with(try options.load().settings) { session in
                    let named = try await session.find(in: place.location) { finder throws(Refusal) in
                        name.lowercased() == "hot-water" ? try finder.hotWater() : try finder.zone(called: name)
                    }
                    try await session.reader.read([.schedule(named.target)])
                    return (named, AnySchedule(of: named.target, in: session.store.schedules))
                }
                guard let schedule else { throw Failure(.badData, "\(named.name.printable) has no schedule.") }
                print(json ? schedule.json.lines(toDepth: 1) : ScheduleTable(schedule).lines.joined(separator: "\n"))
            }
        }
    }
}

extension SchedulesCommand {
    /// Prints how each schedule ended.
    ///
    /// - Throws: ``Failure`` if some were not written.
    static func report(_ steps: [ScheduleRestore.Step]) throws {
        for step in steps { print("\(step.name.printable): \(step.ending.words)") }
        let failures = steps.compactMap { $0.ending.failure(about: $0.name) }
        guard let first = failures.first else { return }
        throw Failure(
            first.code,
            "\(failures.count) of \(steps.count) schedules were not written; run it again to write them."
        )
    }
}

extension ScheduleRestore.Ending {
    fileprivate var words: String {
        switch self {
        case .written: "written"
        case .alreadySet: "unchanged"
        case .failed(let outcome): "failed: \(outcome.message ?? "\(outcome.kind)")"
        case .unreached(let failure): "failed: \(failure.sentence)"
        case .misplaced(let refusal): "failed: \(refusal.message)"
        }
    }

    fileprivate func failure(about name: String) -> Failure? {
        switch self {
        case .written, .alreadySet: nil
        case .failed(let outcome): Failure(outcome, about: name)
        case .unreached(let failure): Failure(failure)
        case .misplaced(let refusal): Failure(.badData, "\(name.printable): \(refusal.message)")
        }
    }
}
