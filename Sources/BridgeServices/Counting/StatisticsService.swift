public import Basics
public import BridgeCore
import HeatingModel
public import ServiceLifecycle
import Synchronization

/// Sums up once a minute what the bridge has done, for `bridge/stats`.
public final class StatisticsService: Service {
    /// Statistics with their number since the start: equal numbers mean equal statistics.
    struct Edition: Sendable {
        var number: Int
        var statistics: BridgeStatistics
    }

    private struct State: Sendable {
        var windows: CountWindows
        var latest: Edition?
    }

    private let counters: any Counters
    private let store: SnapshotStore
    private let clock: any WallClock
    /// When the bridge started. Everything that tells of it takes it from here.
    let started: Instant
    private let state: Mutex<State>

    /// - Parameters:
    ///   - store: Its observers are woken when there is something new to publish.
    public init(counters: any Counters, store: SnapshotStore, clock: any WallClock) {
        self.counters = counters
        self.store = store
        self.clock = clock
        started = clock.now
        state = Mutex(State(windows: CountWindows(start: started)))
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await self.clock.sleep(for: .seconds(60))) != nil {
                if self.renew().isNews { self.store.wakeUp() }
            }
        }
    }

    /// The latest statistics, which change once a minute at most.
    public var latest: BridgeStatistics { edition.statistics }

    /// Calls to the cloud today by endpoint, as of now.
    public var callsToday: [String: Int] {
        let timeZone = timeZone
        return state.withLock { $0.windows.today(of: counters.counts, at: clock.now, in: timeZone).calls }
    }

    /// Of the first location, whose midnight begins a day.
    private var timeZone: LocationTimeZone {
        store.installation?.locations.first?.timeZone ?? LocationTimeZone(offsetMinutes: 0)
    }

    var edition: Edition { state.withLock { $0.latest } ?? renew().latest }

    private func renew() -> (latest: Edition, isNews: Bool) {
        let (tokenExpires, loginsLeft) = (counters.tokenExpires, counters.loginsLeft)
        let timeZone = timeZone
        return state.withLock { state in
            let (counts, now) = (counters.counts, clock.now)
            let new = BridgeStatistics(
                started: started,
                tokenExpires: tokenExpires,
                loginsLeft: loginsLeft,
                sinceStart: counts,
                lastHour: state.windows.lastHour(of: counts, at: now),
                today: state.windows.today(of: counts, at: now, in: timeZone)
            )
            if let latest = state.latest, !new.isNews(after: latest.statistics) { return (latest, false) }
            let edition = Edition(number: (state.latest?.number ?? 0) + 1, statistics: new)
            state.latest = edition
            return (edition, true)
        }
    }
}
