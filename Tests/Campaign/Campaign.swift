import ArgumentParser
import Basics
import Foundation
import SystemPackage

/// Looks for what nobody thought of: rounds of random steps, each of which follows from a seed.
///
/// Broker, cloud and bridge are processes. They are killed, frozen and cut off from one another while commands come,
/// and what must hold is checked after each step. A round that fails prints its seed, and is run again with `--seed`.
@main
struct Campaign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Campaign",
        abstract: "Disturbs a bridge at random and checks what must hold.",
        subcommands: [Rounds.self, Soak.self],
        defaultSubcommand: Rounds.self
    )
}

/// Where programs and files are.
struct Places: ParsableArguments {
    @Option(help: "The bridge; by default the one that is built beside the campaign.") var program: String?
    @Option(help: "A folder for files of rounds that fail.") var directory = NSTemporaryDirectory()

    var programPath: FilePath {
        let beside = FilePath(CommandLine.arguments[0]).removingLastComponent().appending("evohome-mqtt")
        return program.map { FilePath($0) } ?? beside
    }

    /// A new folder, which is removed unless the body fails.
    func withFolder<Value>(_ name: String, _ body: (URL) async throws -> (value: Value, isGood: Bool)) async throws
        -> Value
    {
        let folder = URL(filePath: directory).appending(path: "campaign-\(name)-\(UUID().uuidString.prefix(6))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (value, isGood) = try await body(folder)
        if isGood { try FileManager.default.removeItem(at: folder) } else { say("  Its files: \(folder.path())") }
        return value
    }
}

struct Rounds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs rounds of random steps; the default.")

    @OptionGroup var places: Places
    @Option(help: "The seed of the first round.") var seed = Int.random(in: 1..<1_000_000)
    @Option(help: "How long to begin further rounds, such as 1h; one round unless given.") var `for`: String?
    @Option(help: "Steps a round, beside waiting and settling.") var steps = 36
    @Flag(help: "Go on after a round that failed.") var keepGoing = false
    @Flag(help: "Print each step.") var verbose = false
    @Flag(help: "Print the steps of the seed, and do nothing.") var list = false

    func run() async throws {
        if list {
            for step in Step.steps(seed: seed, count: steps) { say(step) }
            return
        }
        let length = try `for`.map { try Duration(parsingWithUnit: $0) } ?? .zero
        let began = ContinuousClock.now
        var tally = Tally()
        var seed = seed
        repeat {
            let report = try await round(seed)
            tally.add(report)
            seed += 1
            if !report.violations.isEmpty, !keepGoing { break }
        } while ContinuousClock.now - began < length
        say(tally.text(after: ContinuousClock.now - began))
        if !tally.failures.isEmpty { throw ExitCode.failure }
    }

    private func round(_ seed: Int) async throws -> Round.Report {
        let began = ContinuousClock.now
        let settings = House.Settings(program: places.programPath)
        let steps = Step.steps(seed: seed, count: steps)
        let report = try await places.withFolder("\(seed)") { folder in
            let (reports, continuation) = AsyncStream.makeStream(of: Round.Report.self)
            try await House.exists(settings, in: folder) { [verbose] house in
                continuation.yield(try await Round(steps, seed: seed, in: house, isTalkative: verbose).run())
            }
            for await report in reports { return (report, report.violations.isEmpty) }
            throw CampaignError("The round had no end.")
        }
        let time = (ContinuousClock.now - began).components.seconds
        say(
            "seed \(seed): \(report.commands.count) commands, \(report.kills) kills, \(report.logins) logins,",
            "\(report.tokens / 2) pairs of tokens, \(String(format: "%.1f", report.memory)) MiB, \(time) s"
        )
        for violation in report.violations { say("  FAILED \(violation)") }
        return report
    }
}

/// What all rounds came to.
struct Tally {
    private(set) var failures: [Int] = []
    private var rounds = 0
    private var kills = 0
    private var outcomes: [String: Int] = [:]
    private var (commands, without, excused, repeated) = (0, 0, 0, 0)

    mutating func add(_ report: Round.Report) {
        rounds += 1
        kills += report.kills
        if !report.violations.isEmpty { failures.append(report.seed) }
        for command in report.commands {
            commands += 1
            if let outcome = command.outcome?["outcome"] as? String {
                outcomes[outcome, default: 0] += 1
            } else if command.needsOutcome {
                without += 1
            } else {
                excused += 1
            }
            if command.onResponseTopic.values.contains(where: { $0 > 1 }) { repeated += 1 }
        }
    }

    func text(after time: Duration) -> String {
        let kinds = outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return """
            \(rounds) rounds in \(time.components.seconds / 60) min, \(kills) kills of the bridge
            \(commands) commands: \(kinds); \(without) without an outcome; \(excused) lost with a broker
            \(repeated) outcomes were delivered more than once
            failed seeds: \(failures.isEmpty ? "none" : failures.map(String.init).joined(separator: ", "))
            """
    }
}

/// Prints a line at once, though nobody may be looking but a file.
func say(_ words: Any...) {
    let line = words.map { "\($0)" }.joined(separator: " ") + "\n"
    try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
}
