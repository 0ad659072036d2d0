/// How much of the configured last will is asked for.
enum LastWillStrength: Hashable, Sendable {
    case none
    case will(MQTTQualityOfService, isRetained: Bool)

    init(of will: MQTTMessage?) {
        self = will.map { .will($0.qualityOfService, isRetained: $0.isRetained) } ?? .none
    }

    /// The next weaker one that heeds a broker's reason; `nil` if the reason is about something else.
    func weakened(for reason: MQTTReasonCode) -> Self? {
        guard case .will(let qualityOfService, let isRetained) = self else { return nil }
        switch reason {
        case .retainNotSupported:
            return isRetained ? .will(qualityOfService, isRetained: false) : Self.none
        case .qualityOfServiceNotSupported:
            return qualityOfService.lower.map { .will($0, isRetained: isRetained) } ?? Self.none
        default: return nil
        }
    }

    /// Every weaker one, in an order in which the first that a broker takes shows what the broker cannot do: first a
    /// lower quality of service, then the same without retaining, at last no will at all.
    var weaker: [Self] {
        guard case .will(let qualityOfService, let isRetained) = self else { return [] }
        let levels = MQTTQualityOfService.allCases.filter { $0 <= qualityOfService }.sorted(by: >)
        let kept = isRetained ? levels.dropFirst().map { Self.will($0, isRetained: true) } : []
        let passing = (isRetained ? levels[...] : levels.dropFirst()).map { Self.will($0, isRetained: false) }
        return kept + passing + [.none]
    }
}

/// Finds the strongest last will that a broker takes with one version of MQTT.
///
/// A broker without retained messages, or with QoS 0 only, refuses every connection whose will asks for them. With MQTT 5
/// it says why. With 3.1.1 it only closes, so weaker wills are tried in turn. One that is taken is a guess until the full
/// one is refused once more: a proxy in front of a broker that is starting closes connections, too.
struct LastWillNegotiation {
    private enum State {
        /// `current` is the full will, or the strongest that the broker takes.
        case settled(refusals: Int)
        case guessing(next: ArraySlice<LastWillStrength>)
        /// The guess was taken, and the full will is tried again.
        case proving(LastWillStrength)
    }

    /// When the next will is to be tried.
    enum Step: Equatable {
        /// At once: there are few of them, and until one is found there is no connection.
        case atOnce
        /// When any other attempt would be made: the broker may count refused logins.
        case afterBackoff
    }

    /// A refusal that may well be about something else has to come this often before the will is taken for its cause.
    static let refusalsBeforeGuess = 3

    let full: LastWillStrength
    private(set) var current: LastWillStrength
    private let candidates: [LastWillStrength]
    /// After how many closed connections a guess begins. With 3.1.1 no reason can come, so it begins with the first.
    private let closesBeforeGuess: Int
    private var state = State.settled(refusals: 0)

    init(_ full: LastWillStrength, version: MQTTProtocolVersion) {
        self.full = full
        current = full
        candidates = full.weaker
        closesBeforeGuess = version == .version311 ? 1 : Self.refusalsBeforeGuess
    }

    /// Whether there are weaker wills to try before something else is taken for the cause.
    var hasMoreToTry: Bool {
        switch state {
        case .settled: current == full && !candidates.isEmpty
        case .guessing(let next): !next.isEmpty
        case .proving: true
        }
    }

    /// An attempt has failed.
    ///
    /// - Returns: When to try another will; `nil` if it is not the will's turn.
    mutating func failed(_ failure: ConnectionFailure) -> Step? {
        if case .refused(let reason) = failure, let weaker = current.weakened(for: reason) {
            current = weaker
            state = .settled(refusals: 0)
            return .atOnce
        }
        guard failure.mayBeAboutTheWill else { return nil }
        let isClosed = failure == .closedUnanswered
        let step: Step = isClosed ? .atOnce : .afterBackoff
        switch state {
        case .settled(let refusals):
            state = .settled(refusals: refusals + 1)
            guard refusals + 1 >= (isClosed ? closesBeforeGuess : Self.refusalsBeforeGuess) else { return nil }
            // A client that is refused as not authorised may be accepted without a will, whose topic may be what is denied.
            return guess(isClosed ? candidates[...] : candidates.suffix(1)) ? step : nil
        case .guessing(let next):
            return guess(next) ? step : nil
        case .proving(let guess):
            current = guess
            state = .settled(refusals: 0)
            return step
        }
    }

    /// The broker has accepted a connection.
    ///
    /// - Returns: Whether it is good; else the full will has to be tried again first.
    mutating func accepted() -> Bool {
        guard case .guessing = state else {
            state = .settled(refusals: 0)
            return true
        }
        state = .proving(current)
        current = full
        return false
    }

    private mutating func guess(_ next: ArraySlice<LastWillStrength>) -> Bool {
        guard let first = next.first else {
            current = full
            state = .settled(refusals: 0)
            return false
        }
        current = first
        state = .guessing(next: next.dropFirst())
        return true
    }
}

extension MQTTQualityOfService {
    fileprivate var lower: Self? { rawValue == 0 ? nil : Self(rawValue: rawValue - 1) }
}

extension ConnectionFailure {
    /// Whether the broker might have accepted the connection with a weaker will.
    fileprivate var mayBeAboutTheWill: Bool {
        switch self {
        case .closedUnanswered: true
        case .refused(let reason): !Self.otherReasons.contains(reason)
        default: false
        }
    }

    private static let otherReasons: Set<MQTTReasonCode> = [
        .malformedPacket, .unsupportedProtocolVersion, .clientIdentifierNotValid, .badUserNameOrPassword,
        .serverUnavailable, .serverBusy, .banned, .connectionRateExceeded,
    ]
}
