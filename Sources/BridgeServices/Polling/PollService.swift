import BridgeCore
public import HeatingModel
public import Logging
public import Observability
public import ServiceLifecycle

/// Reads the cloud, again and again, and puts what it says into ``Homes``.
public struct PollService: Service {
    private let cloud: any Cloud
    private let homes: Homes
    private let memory: any Memory
    private let pace: PollPace
    private let counts: LoopCounts
    private let settings: Settings
    private let clock: any WallClock
    private let logger: Logger

    /// One step is one call, which may wait for the lock of the state file, a refresh, a login, and be made twice.
    public let pulse = LoopPulse("poll", limit: .seconds(600))

    public struct Settings: Sendable {
        /// Ids or names of locations to serve; none for all.
        public var locations: [String]

        public init(locations: [String]) {
            self.locations = locations
        }
    }

    public init(
        cloud: any Cloud,
        homes: Homes,
        memory: any Memory,
        pace: PollPace,
        counts: LoopCounts,
        settings: Settings,
        clock: any WallClock,
        logger: Logger
    ) {
        self.cloud = cloud
        self.homes = homes
        self.memory = memory
        self.pace = pace
        self.counts = counts
        self.settings = settings
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await poll()
        }
    }

    private func poll() async {
        var randomness = SystemRandomNumberGenerator()
        var schedule = PollSchedule(interval: pace.intervals.status)
        var outage = Outage()
        var remembered = memory.installation()
        if let remembered { serve(remembered.installation) }
        while !Task.isCancelled {
            pulse.works()
            do throws(CloudFailure) {
                try await readInstallation(remembered: &remembered)
                try await readStatuses()
                outage.ended(at: clock.now, logger: logger)
                schedule.succeeded(at: clock.now, using: &randomness)
                counts.polled(succeeded: true)
            } catch {
                guard error.kind != .cancelled else { return }
                let next = schedule.failed(error, at: clock.now, using: &randomness)
                homes.apply(error, retryAt: next)
                counts.polled(succeeded: false)
                outage.continues(error, at: clock.now, retryAt: next, logger: logger)
            }
            homes.becomeReady()
            await pace.wait(on: clock) { intervals in
                let now = clock.now
                schedule.interval = intervals.status
                let next = schedule.next ?? now
                pulse.rests(for: now.duration(to: next))
                return next
            }
        }
    }

    private func readInstallation(remembered: inout RememberedInstallation?) async throws(CloudFailure) {
        let now = clock.now
        if let remembered, remembered.read + pace.intervals.installation > now { return }
        let installation = try await cloud.installation(of: remembered?.installation.accountID)
        remembered = RememberedInstallation(installation: installation, read: now)
        if let remembered { await memory.remember(remembered) }
        serve(installation)
        logger.info(
            "Read the installation",
            metadata: [
                "locations": "\(installation.locations.count)",
                "zones": "\(installation.systems.map(\.system.zones.count).reduce(0, +))",
            ]
        )
    }

    private func serve(_ installation: Installation) {
        var served = installation
        if !settings.locations.isEmpty {
            served.locations.removeAll { location in
                !settings.locations.contains(location.id.text) && !settings.locations.contains(location.name)
            }
        }
        homes.apply(served)
    }

    /// Reads every location, a few at a time, so that calls of commands still find a free connection.
    private func readStatuses() async throws(CloudFailure) {
        let locations = homes.installation?.locations.filter { !$0.systems.isEmpty } ?? []
        let failure = await withTaskGroup(of: CloudFailure?.self) { group in
            var remaining = locations.makeIterator()
            var first: CloudFailure?
            for location in remaining.next(4) { group.addTask { await read(location) } }
            for await failure in group {
                first = first ?? failure
                // What is wrong with the cloud as a whole is not asked a thousand times.
                if let failure, failure.kind != .refused { continue }
                if let location = remaining.next() { group.addTask { await read(location) } }
            }
            return first
        }
        if let failure { throw failure }
    }

    private func read(_ location: Location) async -> CloudFailure? {
        pulse.works()
        do throws(CloudFailure) {
            let reading = homes.beginReading()
            let status = try await cloud.status(of: location)
            homes.apply(status, of: reading)
            logger.info(
                "Read the status",
                metadata: [
                    "location": "\(location.name)",
                    "zones": "\(status.systems.map(\.zones.count).reduce(0, +))",
                ]
            )
            return nil
        } catch {
            return error
        }
    }
}

extension IteratorProtocol {
    fileprivate mutating func next(_ count: Int) -> [Element] {
        var elements: [Element] = []
        while elements.count < count, let element = next() { elements.append(element) }
        return elements
    }
}
