import Observability
import Testing

@Suite("What a loop reports")
struct LoopPulseTests {
    private static let start = SuspendingClock.now

    /// What a loop reports, how long ago, and whether it counts as stuck; one step may take 60 s.
    @Test(
        "A loop is stuck when it works, or is late, for longer than one step may take",
        arguments: [
            (.nothing, 60, false), (.nothing, 61, true),
            (.works, 60, false), (.works, 61, true),
            (.restsForEvents, 1_000_000, false),
            (.restsFor180Seconds, 240, false), (.restsFor180Seconds, 241, true),
        ] as [(Saying, Int, Bool)]
    )
    func hangs(saying: Saying, seconds: Int, isStuck: Bool) {
        let pulse = LoopPulse("poll", limit: .seconds(60), at: Self.start)
        saying.say(to: pulse, at: Self.start)
        #expect(pulse.reading(at: Self.start + .seconds(seconds)).isStuck == isStuck)
    }

    @Test("A slow loop is not stuck")
    func slow() {
        let pulse = LoopPulse("poll", limit: .seconds(60), at: Self.start)
        for minute in 0..<30 {
            pulse.works(at: Self.start + .seconds(minute * 59))
            #expect(!pulse.reading(at: Self.start + .seconds((minute + 1) * 59)).isStuck)
        }
    }

    @Test("A new limit takes effect at once, in either direction")
    func changedLimit() {
        let pulse = LoopPulse("poll", limit: .seconds(60), at: Self.start)
        pulse.rests(for: .zero, at: Self.start)
        let later = Self.start + .seconds(100)
        #expect(pulse.reading(at: later).isStuck)
        pulse.limit = .seconds(600)
        #expect(!pulse.reading(at: later).isStuck)
        #expect(pulse.reading(at: later).limit == .seconds(600))
        pulse.limit = .seconds(99)
        #expect(pulse.reading(at: later).isStuck)
    }

    @Test("A loop is silent from the moment at which it should have gone on")
    func silence() {
        let pulse = LoopPulse("poll", limit: .seconds(60), at: Self.start)
        pulse.rests(for: .seconds(180), at: Self.start)
        #expect(pulse.reading(at: Self.start + .seconds(100)).silence == .zero)
        #expect(pulse.reading(at: Self.start + .seconds(190)).silence == .seconds(10))
    }

    enum Saying {
        case nothing, works, restsForEvents, restsFor180Seconds

        func say(to pulse: LoopPulse, at now: SuspendingClock.Instant) {
            switch self {
            case .nothing: break
            case .works: pulse.works(at: now)
            case .restsForEvents: pulse.rests(at: now)
            case .restsFor180Seconds: pulse.rests(for: .seconds(180), at: now)
            }
        }
    }
}
