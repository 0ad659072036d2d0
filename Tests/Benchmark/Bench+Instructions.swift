import Foundation
import TCCSimulator
import TestSupport

/// What a start, a health check, a poll and a command cost in instructions of the processor.
extension Bench {
    private static let polls = 6
    /// A program under callgrind is some 50 times slower.
    private static let patience = Duration.seconds(240)
    private static let pollInterval = Duration.seconds(3)

    func instructions() async throws -> [Row] {
        guard Callgrind.isInstalled else {
            return [Row(name: "instructions", value: "left out: valgrind is not installed")]
        }
        let callgrind = try await Callgrind(Self.program, in: directory)
        let first = try await callgrind.start(arguments())
        _ = try await peer.comesOnline(within: Self.patience)
        let firstStart = try await callgrind.instructions(of: first)
        _ = try await first.stop()

        let bridge = try await callgrind.start(
            arguments(["--cloud-poll-interval", "3s", "--commands-per-minute", "100000"])
        )
        _ = try await peer.comesOnline(within: Self.patience)
        let restart = try await callgrind.instructions(of: bridge)
        let check = try await callgrind.instructions(ofAll: arguments(of: "healthcheck"))
        try await schedulesAreKnown()
        let unchanged = try await polls(of: bridge, callgrind)
        let zones = cloud.zoneIDs
        let changed = try await polls(of: bridge, callgrind) { number in
            for zone in zones { try cloud.setTemperature(number.isMultiple(of: 2) ? 15 : 20, of: .zone(zone)) }
        }
        try await peer.say(#"{"value":"1h"}"#, on: "evohome/bridge/request/poll_interval")
        var commands: [Int] = []
        for zone in peer.zoneTopics.prefix(12) {
            try await Task.sleep(for: .seconds(1))
            _ = try await callgrind.instructions(of: bridge)
            try await peer.hears(outcomes: 1) { try await peer.say(#"{"setpoint":18.5}"#, on: "\(zone)/set") }
            try await Task.sleep(for: .seconds(1))
            commands.append(try await callgrind.instructions(of: bridge))
        }
        _ = try await bridge.stop()
        return [
            Row(name: "instructions of a first start", value: [firstStart].inMillions),
            Row(name: "instructions of a restart", value: [restart].inMillions),
            Row(name: "instructions of a health check", value: [check].inMillions),
            Row(name: "instructions of an unchanged poll (\(unchanged.count))", value: unchanged.inMillions),
            Row(name: "instructions of a changed poll (\(changed.count))", value: changed.inMillions),
            Row(name: "instructions of a command (\(commands.count))", value: commands.inMillions),
        ]
    }

    /// Waits until no schedule was asked for during two polls: all are known.
    private func schedulesAreKnown() async throws {
        var before = -1
        while true {
            try await Task.sleep(for: Self.pollInterval * 2)
            let schedules = cloud.requests(RequestMatcher(path: "/schedule")).count
            if schedules == before { return }
            before = schedules
        }
    }

    private var statuses: Int { cloud.requests(RequestMatcher(path: "/status")).count }

    /// - Parameter change: Is called before each poll, with its number.
    private func polls(
        of bridge: RunningProgram,
        _ callgrind: Callgrind,
        change: (Int) throws -> Void = { _ in }
    ) async throws -> [Int] {
        var (instructions, seen) = ([Int](), statuses)
        for number in -1..<Self.polls {
            try change(number)
            while statuses == seen { try await Task.sleep(for: .milliseconds(10)) }
            try await Task.sleep(for: Self.pollInterval / 2)
            let spent = try await callgrind.instructions(of: bridge)
            // On a busy machine there may be more than one.
            instructions.append(spent / (statuses - seen))
            seen = statuses
        }
        // The first one has what went before it, too.
        return Array(instructions.dropFirst())
    }
}

extension [Int] {
    /// Median and least, in millions.
    fileprivate var inMillions: String {
        let millions = sorted().map { String(format: "%.2f", Double($0) / 1_000_000) }
        guard let least = millions.first, millions.count > 1 else { return "\(millions.first ?? "-") million" }
        return "median \(millions[millions.count / 2])  least \(least) million"
    }
}
