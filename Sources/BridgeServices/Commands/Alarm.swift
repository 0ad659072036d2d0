import HeatingModel

/// Rings once at the next moment that matters. A moment that is moved forward may let an earlier ring through, which
/// does no harm.
struct Alarm {
    private let clock: any WallClock
    private let ring: @Sendable (Instant) -> Void
    private var pending: Instant?

    init(clock: any WallClock, ring: @escaping @Sendable (Instant) -> Void) {
        self.clock = clock
        self.ring = ring
    }

    mutating func set(to moment: Instant?, in group: inout DiscardingTaskGroup) {
        guard let moment, pending.map({ moment < $0 }) ?? true else { return }
        pending = moment
        group.addTask { [clock, ring] in
            guard (try? await clock.sleep(until: moment)) != nil else { return }
            ring(moment)
        }
    }

    mutating func rang(for moment: Instant) {
        if pending == moment { pending = nil }
    }
}
