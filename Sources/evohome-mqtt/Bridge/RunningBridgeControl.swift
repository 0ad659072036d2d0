import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Logging
import Observability

/// Controls the running bridge.
struct RunningBridgeControl: BridgeControl {
    let reader: CloudReader
    /// The shortest interval that the cloud bears.
    let shortestPollInterval: Duration
    let level: LogLevelControl
    let monitor: HealthMonitor

    var pollInterval: Duration { reader.intervals.status }

    func setPollInterval(_ interval: Duration) throws(Refusal) {
        guard interval >= shortestPollInterval else {
            throw Refusal(
                .outOfRange,
                "The cloud may not be read more often than every \(shortestPollInterval.readable)."
            )
        }
        reader.intervals.status = interval
    }

    var logLevel: String { level.level.rawValue }

    func setLogLevel(_ name: String) throws(Refusal) {
        guard let new = Logger.Level(name: name) else {
            throw Refusal(.malformed, "The level is not one of \(Logger.Level.names.joined(separator: ", ")).")
        }
        level.level = new
    }

    var problems: [String] { monitor.health.problems }
}
