import Basics
import Synchronization

/// Rings once at a moment in elapsed time. After the moment was postponed it also rings at the earlier one, which does no
/// harm.
final class Alarm: Sendable {
    private let clock: any WallClock
    private let ring: @Sendable () -> Void
    private let pending = Mutex<Uptime?>(nil)

    init(clock: any WallClock, ring: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.ring = ring
    }

    func set(to moment: Uptime?, in group: inout DiscardingTaskGroup) {
        guard let moment else { return }
        let isEarlier = pending.withLock { pending in
            guard pending.map({ moment < $0 }) ?? true else { return false }
            pending = moment
            return true
        }
        guard isEarlier else { return }
        group.addTask { [self] in
            guard (try? await clock.sleep(until: moment)) != nil else { return }
            pending.withLock { if $0 == moment { $0 = nil } }
            ring()
        }
    }
}
