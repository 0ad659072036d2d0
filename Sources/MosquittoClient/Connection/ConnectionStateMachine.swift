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
        case connect(MQTTProtocolVersion)
        /// The attempt has taken too long: abandon it and report ``failed(_:at:using:)``.
        case giveUp(ConnectionFailure)
        case disconnect
        case stop
    }

    enum AcceptedAction: Equatable {
        case doNothing
        /// - Parameter outage: How long there was no connection; `nil` when no attempt failed before this one.
        case announce(outage: Duration?)
    }

    struct Retry: Equatable {
        var delay: Duration
        /// Whether this is the first failure since the last connection or the start.
        var beginsOutage = false
        /// Whether the reason differs from the last one.
        var isNews = false
        /// The version to try from now on, if it has changed.
        var fallsBackTo: MQTTProtocolVersion?
        /// Whether to warn, once, that another client may use the same client id.
        var suspectsRival = false
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
    private var outage: (since: Instant, reason: ConnectionFailure)?

    init(version: MQTTConfiguration.Version, backoff: Backoff, now: Instant) {
        self.state = .waiting(retryAt: now)
        self.version = version == .version311 ? .version311 : .version5
        self.mayFallBack = version == .automatic
        self.backoff = backoff
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
            return .connect(version)
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
        state = .connected(since: now)
        unansweredCloses = 0
        if version == .version5 { isKnownToSpeak5 = true }
        defer { outage = nil }
        return .announce(outage: outage.map { now - $0.since })
    }

    /// An attempt has failed, or the connection is lost.
    mutating func failed(
        _ failure: ConnectionFailure,
        at now: Instant,
        using generator: inout some RandomNumberGenerator
    ) -> FailedAction {
        var retry = Retry(delay: .zero)
        switch state {
        case .waiting, .stopped:
            return .doNothing
        case .sayingFarewell, .disconnecting:
            state = .stopped
            return .stop
        case .connected(let since):
            retry.suspectsRival = noteLoss(after: now - since)
        case .connecting:
            retry.fallsBackTo = noteRefusal(failure)
        }
        retry.beginsOutage = outage == nil
        retry.isNews = outage?.reason != failure
        outage = (outage?.since ?? now, failure)
        failures += 1
        retry.delay = backoff.delay(afterFailures: failures, using: &generator)
        state = .waiting(retryAt: now + retry.delay)
        return .retry(retry)
    }

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

    /// - Returns: Whether to warn now that there may be a second client with the same id.
    private mutating func noteLoss(after lifetime: Duration) -> Bool {
        if isGuess { version = .version5 }
        isGuess = false
        if lifetime >= Self.proof {
            failures = 0
            earlyLosses = 0
            return false
        }
        earlyLosses += 1
        guard earlyLosses >= Self.lossesBeforeSuspicion, !hasSuspected else { return false }
        hasSuspected = true
        return true
    }

    /// - Returns: The version to change to, if the broker seems not to speak this one.
    private mutating func noteRefusal(_ failure: ConnectionFailure) -> MQTTProtocolVersion? {
        unansweredCloses = failure == .closedUnanswered ? unansweredCloses + 1 : 0
        let isTold = failure == .refused(.unsupportedProtocolVersion)
        // A proxy in front of a broker that is down closes connections, too. To take that for an old broker would end
        // the session, since 3.1.1 uses a clean one. So there is no guess once the broker has spoken 5, no guess outlives
        // the connection, and guessing goes both ways.
        let isGuessed = unansweredCloses >= Self.closesBeforeFallBack && !isKnownToSpeak5
        guard mayFallBack, isTold || isGuessed else { return nil }
        version = version == .version5 ? .version311 : .version5
        isGuess = isGuessed && version == .version311
        unansweredCloses = 0
        return version
    }
}

/// Why there is no connection.
enum ConnectionFailure: Error, Hashable, Sendable {
    /// The name or the host could not be reached; in the system's words.
    case unreachable(String)
    /// TLS could not be set up; in OpenSSL's words.
    case tlsFailed(String)
    /// The broker answered with a refusal.
    case refused(MQTTReasonCode)
    /// The broker closed the connection instead of answering CONNECT.
    case closedUnanswered
    /// The broker did not answer in time.
    case timedOut
    /// The connection was up, and broke; in the library's words.
    case lost(String)
    /// The broker ended the connection and said why.
    case dismissed(MQTTReasonCode)
    /// The broker no longer answers pings.
    case silent
    /// The broker answers pings, but does not acknowledge messages.
    case unacknowledged
    /// Out of memory, threads or files; in the system's words.
    case resources(String)
}

extension ConnectionFailure: CustomStringConvertible {
    /// One sentence without a full stop.
    var description: String {
        switch self {
        case .unreachable(let problem): "the MQTT broker cannot be reached: \(problem)"
        case .tlsFailed(let problem): "no secure connection to the MQTT broker: \(problem)"
        // Brokers answer "not authorised" to a wrong password as well, so as not to give away user names.
        case .refused(.notAuthorized): MQTTReasonCode.badUserNameOrPassword.description
        case .refused(let reason), .dismissed(let reason): reason.description
        case .closedUnanswered: "the MQTT broker closed the connection before it answered"
        case .timedOut: "the MQTT broker does not answer"
        case .lost(let problem): "the connection to the MQTT broker was lost: \(problem)"
        case .silent: "the MQTT broker has fallen silent"
        case .unacknowledged: "the MQTT broker no longer acknowledges messages"
        case .resources(let problem): "the system has no resources for a connection: \(problem)"
        }
    }
}
