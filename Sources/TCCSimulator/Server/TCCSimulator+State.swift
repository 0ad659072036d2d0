import Foundation

extension TCCSimulator {
    /// All that changes, under one lock.
    struct State: Sendable {
        var cloud: SimulatedCloud
        var faults = FaultList()
        var log = RequestLog()
        var generator: SeededGenerator
        private let startedAt: Date
        private let homeStart: Date
        private let speed: Double
        /// By how much the clocks have been moved on by hand, in seconds.
        var advancedBy: TimeInterval = 0

        init(_ configuration: SimulatorConfiguration, startingAt now: Date) throws {
            startedAt = now
            homeStart = configuration.startTime ?? now
            speed = configuration.speed
            generator = SeededGenerator(seed: configuration.seed ^ 0xFA01)
            cloud = SimulatedCloud(
                installation: Installation(
                    homes: try configuration.homes.map { try $0.documents() },
                    copies: configuration.copies,
                    now: homeStart
                ),
                settings: SimulatedCloud.Settings(
                    username: configuration.username,
                    password: configuration.password,
                    taskDuration: configuration.taskDuration.seconds,
                    visibilityDelay: configuration.visibilityDelay.seconds
                ),
                tokens: TokenIssuer(
                    lifetime: configuration.tokenLifetime,
                    refreshLifetime: configuration.refreshTokenLifetime
                ),
                loginLimit: configuration.loginLimit,
                seed: configuration.seed
            )
        }

        func moment(at now: Date) -> Moment {
            Moment(
                wall: now.addingTimeInterval(advancedBy),
                home: homeStart.addingTimeInterval(now.timeIntervalSince(startedAt) * speed + advancedBy)
            )
        }
    }

    func moment(_ state: borrowing State) -> Moment { state.moment(at: clock.now()) }
}

extension ClosedRange<Duration> {
    /// In seconds.
    fileprivate var seconds: ClosedRange<TimeInterval> { lowerBound.seconds...upperBound.seconds }
}
