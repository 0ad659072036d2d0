import Basics
import Synchronization

/// Rings at a moment in elapsed time. After the moment was postponed it also rings at the earlier one, which does no harm.
final class Alarm: Sendable {
    private let clock: any WallClock
    private let ring: @Sendable () -> Void
    /// The moments that a task sleeps until. A moment that is later than one of these is not added: the earlier one rings
    /// first, and the alarm is set again then.
    private let moments = Mutex<Set<Uptime>>([])

    init(clock: any WallClock, ring: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.ring = ring
    }

    func set(to moment: Uptime?, in group: inout DiscardingTaskGroup) {
        guard let moment else { return }
        let isEarliest = moments.withLock { moments in
            guard moments.allSatisfy({ moment < $0 }) else { return false }
            moments.insert(moment)
            return true
        }
        guard isEarliest else { return }
        group.addTask { [self] in
            let rings = (try? await clock.sleep(until: moment)) != nil
            moments.withLock { _ = $0.remove(moment) }
            if rings { ring() }
        }
    }
}
