import ArgumentParser
import Basics
import BridgeCore
import BridgeServices
import Foundation
import HeatingModel

struct SchedulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules",
        abstract: "Backs up, restores and shows the weeks of zones and hot water.",
        subcommands: [Backup.self, Restore.self, Show.self]
    )

    struct Backup: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reads every week into a file, as JSON.")

        @Argument(help: "Where to; - for standard output.", completion: .file()) var file: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let progress = Progress()
                defer { progress.end() }
                let backup = try await OneShotSession.with(try options.load().settings) { session in
                    let (read, refused) = try await session.store.readSchedules(
                        from: session.cloud,
                        clock: session.clock
                    ) {
                        progress.show("Reading \($1) of \($2): \($0.name)")
                    }
                    progress.end()
                    for (named, failure) in refused {
                        StandardError.say("Left out \(named.name.printable): \(failure.sentence)")
                    }
                    return ScheduleBackup(session.store.schedules, of: read)
                }
                try write(backup.json.lines(toDepth: 4) + "\n")
                StandardError.say("Read \(backup.entries.count) weeks.")
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
            abstract: "Writes the weeks of a backup, one after another, where they are not so already.",
            discussion: """
                It reads the files of this program, of evohome-async and of evohomeclient2. The whole file is checked \
                before anything is written. It goes on after a failure, ends with 0 when all weeks are as in the file, \
                and can be repeated.
                """
        )

        @Argument(help: "Where from; - for standard input.", completion: .file()) var file: String
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let backup = try read()
                let progress = Progress()
                defer { progress.end() }
                let steps = try await OneShotSession.with(try options.load().settings) { session in
                    for location in session.locations {
                        try await session.readStatus(of: location)
                    }
                    let executor = session.executor
                    let restore = ScheduleRestore(cloud: session.cloud, store: session.store, clock: session.clock) {
                        command throws(CloudFailure) in try await executor.carryOut(command)
                    }
                    return try await restore.run(backup) { progress.show("Restoring \($1) of \($2): \($0.name)") }
                }
                progress.end()
                for step in steps { print("\(step.named.name.printable): \(step.ending.words)") }
                let failures = steps.compactMap { $0.ending.failure(about: $0.named.name) }
                guard let first = failures.first else { return }
                throw Failure(
                    first.code,
                    "\(failures.count) of \(steps.count) weeks were not written; it can be repeated."
                )
            }
        }

        private func read() throws -> ScheduleBackup {
            let data =
                file == "-" ? try FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: file)
            guard let data else { throw Failure(.missingFile, "The file \(file) does not exist or cannot be read.") }
            do throws(BackupProblems) {
                return try ScheduleBackup(parsing: data)
            } catch {
                throw Failure(.badData, "\(file): \(error)")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a week, on the location's clock.")

        @Argument(help: "The zone's name in any case, its id, or its name in topics; or hot-water.") var name: String
        @Flag(help: "Prints JSON, as the topic of the week shows it.") var json = false
        @OptionGroup var place: PlaceOption
        @OptionGroup(title: "Settings") var options: SettingsOptions

        func run() async throws {
            try await reportingFailures {
                let (named, week) = try await OneShotSession.with(try options.load().settings) { session in
                    let named = try await session.find(in: place.location) { finder throws(Refusal) in
                        name.lowercased() == "hot-water" ? try finder.hotWater() : try finder.zone(called: name)
                    }
                    try await session.store.readSchedule(of: named.target, from: session.cloud)
                    return (named, AnySchedule(of: named.target, in: session.store.schedules))
                }
                guard let week else { throw Failure(.badData, "\(named.name.printable) has no schedule.") }
                print(json ? week.json.lines(toDepth: 1) : ScheduleTable(week).lines.joined(separator: "\n"))
            }
        }
    }
}

extension ScheduleRestore.Ending {
    fileprivate var words: String {
        switch self {
        case .written: "written"
        case .alreadySo: "was so already"
        case .failed(let outcome): "failed: \(outcome.message ?? "\(outcome.kind)")"
        case .unreached(let failure): "failed: \(failure.sentence)"
        }
    }

    fileprivate func failure(about name: String) -> Failure? {
        switch self {
        case .written, .alreadySo: nil
        case .failed(let outcome): Failure(outcome, about: name)
        case .unreached(let failure): Failure(failure)
        }
    }
}
