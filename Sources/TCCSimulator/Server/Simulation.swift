import Foundation

/// Everything in a simulator that changes: the accounts, its clocks, the faults in force and the log of requests.
struct Simulation: Sendable {
    var accounts: SimulatedAccounts
    var faults = FaultList()
    var log = RequestLog()
    private var time: SimulatedTime
    private var generator: SeededGenerator

    /// - Parameters:
    ///   - configuration: What to simulate.
    ///   - now: The current wall-clock time.
    /// - Throws: ``SimulatorError`` for homes that cannot be read.
    init(_ configuration: SimulatorConfiguration, startingAt now: Date) throws {
        let homeStart = configuration.startTime ?? now
        time = SimulatedTime(startedAt: now, homeStart: homeStart, speed: configuration.speed)
        generator = SeededGenerator(seed: configuration.seed ^ 0xFA01)
        accounts = try SimulatedAccounts(configuration, now: homeStart)
    }

    /// Logs a request and determines which faults strike it.
    /// - Returns: The number of its entry in ``log``, and the faults.
    mutating func receive(_ request: RecordedRequest) -> (entry: Int, strike: FaultList.Strike) {
        (log.add(request), faults.strike(request, using: &generator))
    }

    mutating func respond(to request: CloudRequest, at now: Date) -> CloudResponse {
        accounts.respond(to: request, at: moment(at: now))
    }

    /// A random delay within a range.
    mutating func delay(in range: ClosedRange<Duration>) -> Duration {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double.random(in: 0...1, using: &generator)
    }

    /// - Parameter now: The current wall-clock time.
    func moment(at now: Date) -> Moment { time.moment(at: now) }

    mutating func advance(by duration: Duration) { time.advance(by: duration) }
}

extension ClosedRange<Duration> {
    /// In seconds.
    var seconds: ClosedRange<TimeInterval> { lowerBound.seconds...upperBound.seconds }
}
