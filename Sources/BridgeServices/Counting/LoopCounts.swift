public import BridgeCore
public import Observability
import Synchronization

/// What the loops have counted since the start. Each of them counts where it acts.
public final class LoopCounts: Sendable {
    private struct State {
        var polls = (succeeded: 0, failed: 0)
        var readings: [Reading.Cause: Int] = [:]
        var commands: [Outcome.Kind: Int] = [:]
        var accepted = Histogram(bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10])
        var confirmed = Histogram(bounds: [1, 2.5, 5, 7.5, 10, 15, 30, 60, 120, 600])
        var waitingCommands = 0
        var isAnnounced = false
    }

    private let state = Mutex(State())

    public init() {}

    /// A status was read, or could not be.
    func statusWasRead(succeeded: Bool) {
        state.withLock { state in
            if succeeded { state.polls.succeeded += 1 } else { state.polls.failed += 1 }
        }
    }

    /// A reading has begun.
    func began(_ reading: Reading, for cause: Reading.Cause) {
        state.withLock { $0.readings[cause, default: 0] += 1 }
    }

    /// A command has ended.
    func ended(_ outcome: Outcome.Kind, _ times: CommandTimes) {
        state.withLock { state in
            state.commands[outcome, default: 0] += 1
            if let accepted = times.accepted { state.accepted.record(accepted) }
            if let confirmed = times.confirmed { state.confirmed.record(confirmed) }
        }
    }

    /// Sets how many commands have no outcome yet.
    func setWaitingCommands(_ count: Int) {
        state.withLock { $0.waitingCommands = count }
    }

    /// Everything was published, and the bridge was announced as online.
    func announced() {
        state.withLock { $0.isAnnounced = true }
    }

    /// Commands that have ended, by outcome.
    public var commands: [Outcome.Kind: Int] { state.withLock { $0.commands } }

    /// Readings of the cloud, by what caused them.
    public var readings: [Reading.Cause: Int] { state.withLock { $0.readings } }

    /// Whether the bridge was announced as online at least once.
    public var isAnnounced: Bool { state.withLock { $0.isAnnounced } }
}

extension LoopCounts: MetricSource {
    public var metrics: [MetricFamily] {
        let state = state.withLock { $0 }
        return [
            .counters(
                "evohome_polls_total",
                "Readings of the status of a location, by outcome.",
                [
                    MetricSample(["outcome": "succeeded"], Double(state.polls.succeeded)),
                    MetricSample(["outcome": "failed"], Double(state.polls.failed)),
                ]
            ),
            .counters(
                "evohome_readings_total",
                "Readings of the cloud, by what caused them.",
                Reading.Cause.allCases.map { cause in
                    MetricSample(["cause": cause.rawValue], Double(state.readings[cause] ?? 0))
                }
            ),
            .counters(
                "evohome_commands_total",
                "Commands that have ended, by outcome.",
                Outcome.Kind.allCases.map { kind in
                    MetricSample(["outcome": kind.rawValue], Double(state.commands[kind] ?? 0))
                }
            ),
            .histogram(
                "evohome_command_acceptance_seconds",
                "From a command's message to the cloud's acceptance.",
                state.accepted
            ),
            .histogram(
                "evohome_command_confirmation_seconds",
                "From a command's message to the status that shows it.",
                state.confirmed
            ),
            .gauge(
                "evohome_waiting_commands",
                "Commands that have no outcome yet.",
                Double(state.waitingCommands)
            ),
        ]
    }
}
