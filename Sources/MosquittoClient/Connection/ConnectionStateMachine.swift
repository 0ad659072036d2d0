import Basics

/// The life of the connection: what to do when, and nothing else. No clock, no thread, no library.
///
/// Every connection starts from scratch: only what is counted here carries over from earlier ones.
struct ConnectionStateMachine {
    typealias Instant = ContinuousClock.Instant

    enum State: Equatable {
        /// Not connected; the next attempt is due at `retryAt`.
        case waiting(retryAt: Instant)
        /// An attempt is running, from the name look-up to the broker's answer.
        case connecting(deadline: Instant)
        case connected(since: Instant)
        /// The farewell is sent and not acknowledged yet.
        case sayingFarewell(deadline: Instant)
        /// The connection is being closed.
        case disconnecting(deadline: Instant)
        case stopped
    }

    enum TickAction: Equatable {
        case doNothing
        case connect(MQTTProtocolVersion, LastWillStrength)
        /// The attempt has taken too long: abandon it and report ``failed(_:at:using:)``.
        case giveUp(ConnectionFailure)
        case disconnect
        case stop
    }

    enum AcceptedAction: Equatable {
        case doNothing
        /// - Parameter outage: How long there was no connection; `nil` when no attempt failed before this one.
        case announce(outage: Duration?)
        /// Close it: a stronger last will is tried first (``LastWillNegotiation``).
        case connectAgain
    }

    struct Retry: Equatable {
        var delay: Duration
        /// Whether this is the first failure since the last connection or the start. An attempt that only looks for what
        /// the broker can do is none.
        var beginsOutage = false
        /// Whether the reason differs from the last one.
        var isNews = false
        /// The version to try from now on, if it has changed.
        var fallsBackTo: MQTTProtocolVersion?
        /// Whether to warn, once, that another client may use the same client id.
        var suspectsRival = false
        /// The message for which the broker closes the connection, if that has become clear.
        var unwelcome: MessageTrait?
    }

    enum FailedAction: Equatable {
        case doNothing
        case retry(Retry)
        case stop
    }

    enum StopAction: Equatable {
        case doNothing
        case sayFarewell
        case stop
    }

    enum FarewellAction: Equatable {
        case doNothing
        case disconnect
    }

    /// How long an attempt may take; Linux alone would try for two minutes.
    static let attemptLimit = Duration.seconds(10)
    /// How long to wait for the farewell's acknowledgement.
    static let farewellLimit = Duration.seconds(1)
    /// How long closing may take. Together with the farewell it stays below 2 s.
    static let disconnectLimit = Duration.milliseconds(400)
    /// A connection that lasts this long was a good one: the back-off starts again.
    static let proof = Duration.seconds(10)
    /// After this many connections closed without an answer, the other version of MQTT is tried.
    static let closesBeforeFallBack = 3
    /// After this many connections in a row lost within ``proof``, a second client with the same id is suspected.
    static let lossesBeforeSuspicion = 3

    private(set) var state: State
    private(set) var version: MQTTProtocolVersion
    private let mayFallBack: Bool
    private let backoff: Backoff
    private var failures = 0
    private var unansweredCloses = 0
    /// Whether the broker has accepted a connection with MQTT 5 since the start.
    private var isKnownToSpeak5 = false
    /// Whether the version was changed although the broker did not say that it does not speak the other.
    private var isGuess = false
    private var earlyLosses = 0
    private var hasSuspected = false
    private var outage: Outage?
    private var wills: [MQTTProtocolVersion: LastWillNegotiation]
    private let fullWill: LastWillStrength
    private(set) var unwelcome = UnwelcomeMessages()

    private struct Outage {
        let since: Instant
        /// As it was last reported.
        var reason: ConnectionFailure?
        var isLogged = false
    }

    init(
        version: MQTTConfiguration.Version,
        lastWill: LastWillStrength = .none,
        backoff: Backoff,
        now: Instant
    ) {
        self.state = .waiting(retryAt: now)
        self.version = version == .version311 ? .version311 : .version5
        self.mayFallBack = version == .automatic
        self.backoff = backoff
        self.fullWill = lastWill
        self.wills = [:]
    }

    /// The last will to ask for.
    var lastWill: LastWillStrength { will.current }

    private var will: LastWillNegotiation {
        get { wills[version] ?? LastWillNegotiation(fullWill, version: version) }
        set { wills[version] = newValue }
    }

    /// When ``tick(at:)`` next has something to do, unless something else happens first.
    var deadline: Instant? {
        switch state {
        case .waiting(let instant), .connecting(let instant): instant
        case .sayingFarewell(let instant), .disconnecting(let instant): instant
        case .connected, .stopped: nil
        }
    }

    mutating func tick(at now: Instant) -> TickAction {
        guard let deadline, now >= deadline else { return .doNothing }
        switch state {
        case .waiting:
            state = .connecting(deadline: now + Self.attemptLimit)
            return .connect(version, lastWill)
        case .connecting:
            return .giveUp(.timedOut)
        case .sayingFarewell:
            state = .disconnecting(deadline: now + Self.disconnectLimit)
            return .disconnect
        case .disconnecting:
            state = .stopped
            return .stop
        case .connected, .stopped:
            return .doNothing
        }
    }

    /// The broker has accepted the connection.
    mutating func accepted(at now: Instant) -> AcceptedAction {
        guard case .connecting = state else { return .doNothing }
        unansweredCloses = 0
        if version == .version5 { isKnownToSpeak5 = true }
        guard will.accepted() else {
            state = .waiting(retryAt: now)
            return .connectAgain
        }
        state = .connected(since: now)
        defer { outage = nil }
        return .announce(outage: outage.flatMap { $0.isLogged ? now - $0.since : nil })
    }

    /// An attempt has failed, or the connection is lost.
    ///
    /// - Parameter unanswered: The messages that the broker has not acknowledged.
    mutating func failed(
        _ failure: ConnectionFailure,
        unanswered: [MessageTrait] = [],
        at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> FailedAction {
        var retry = Retry(delay: .zero)
        // Such a failure was to be expected, and the next attempt is made at once.
        var isSearching = false
        switch state {
        case .waiting, .stopped:
            return .doNothing
        case .sayingFarewell, .disconnecting:
            state = .stopped
            return .stop
        case .connected(let since):
            isSearching = noteLoss(failure, unanswered, after: now - since, &retry)
            retry.isNews = true
        case .connecting:
            retry.fallsBackTo = noteVersion(failure)
            if retry.fallsBackTo == nil { isSearching = will.failed(failure) == .atOnce }
            retry.isNews = !isSearching && outage?.reason != failure
        }
        var outage = outage ?? Outage(since: now)
        retry.beginsOutage = !isSearching && !outage.isLogged
        if retry.isNews { outage.reason = failure }
        outage.isLogged = outage.isLogged || retry.beginsOutage
        self.outage = outage
        failures += 1
        if !isSearching { retry.delay = backoff.delay(afterFailures: failures, using: &generator) }
        state = .waiting(retryAt: now + retry.delay)
        return .retry(retry)
    }

    /// The broker has answered a message.
    mutating func acknowledged(_ message: MessageTrait) { unwelcome.acknowledged(message) }

    /// The client must leave.
    mutating func stop(at now: Instant) -> StopAction {
        switch state {
        case .waiting, .connecting:
            state = .stopped
            return .stop
        case .connected:
            state = .sayingFarewell(deadline: now + Self.farewellLimit)
            return .sayFarewell
        case .sayingFarewell, .disconnecting, .stopped:
            return .doNothing
        }
    }

    /// The farewell is acknowledged, or there is none.
    mutating func farewellSettled(at now: Instant) -> FarewellAction {
        guard case .sayingFarewell = state else { return .doNothing }
        state = .disconnecting(deadline: now + Self.disconnectLimit)
        return .disconnect
    }

    /// - Returns: Whether the connection was lost while it was found out which message the broker does not take.
    private mutating func noteLoss(
        _ failure: ConnectionFailure,
        _ unanswered: [MessageTrait],
        after lifetime: Duration,
        _ retry: inout Retry
    ) -> Bool {
        if isGuess { version = .version5 }
        isGuess = false
        guard lifetime < Self.proof else {
            failures = 0
            earlyLosses = 0
            unwelcome.lostLate()
            return false
        }
        switch unwelcome.lost(unanswered, mayBeToBlame: failure.mayBeAboutAMessage) {
        case .nothingFound:
            earlyLosses += 1
            retry.suspectsRival = earlyLosses >= Self.lossesBeforeSuspicion && !hasSuspected
            hasSuspected = hasSuspected || retry.suspectsRival
            return false
        case .suspect(let isFirst):
            return isFirst
        case .found(let message):
            earlyLosses = 0
            failures = 0
            retry.unwelcome = message
            return true
        }
    }

    /// - Returns: The version to change to, if the broker seems not to speak this one.
    private mutating func noteVersion(_ failure: ConnectionFailure) -> MQTTProtocolVersion? {
        unansweredCloses = failure == .closedUnanswered ? unansweredCloses + 1 : 0
        let isTold = failure == .refused(.unsupportedProtocolVersion)
        // A proxy in front of a broker that is down closes connections, too. To take that for an old broker would end
        // the session, since 3.1.1 uses a clean one. So there is no guess once the broker has spoken 5, no guess outlives
        // the connection, and guessing goes both ways.
        let isGuessed =
            unansweredCloses >= Self.closesBeforeFallBack && !isKnownToSpeak5
            // 3.1.1 is not to blame before every last will was tried with it.
            && (version == .version5 || !will.hasMoreToTry)
        guard mayFallBack, isTold || isGuessed else { return nil }
        version = version == .version5 ? .version311 : .version5
        isGuess = isGuessed && version == .version311
        unansweredCloses = 0
        return version
    }
}
