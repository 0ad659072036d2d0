import Basics
import Glibc
import Observability

/// What the client's thread does: it waits for the socket, the clock and the ``SharedState``, asks the
/// ``ConnectionStateMachine`` what to do, and does it.
///
/// libmosquitto's own loop is not used: its thread ends silently on errors of protocol, TLS and name look-up (lib/loop.c
/// of 2.0.11), and only sending something can wake `mosquitto_loop`. Here everything happens on one thread, so a packet's
/// number is known before its acknowledgement can arrive.
final class NetworkLoop {
    /// The library sends pings only when it is called, which it wants about every second (mosquitto.h,
    /// `mosquitto_loop_misc`).
    private static let pulse = Duration.seconds(1)
    /// How much later a ping may be while nothing happens, as a share of the keep-alive: the broker waits for half of it
    /// longer. Then the loop wakes a few times a minute, rather than every second.
    private static let lateness = 6
    /// A connection whose broker answers pings but acknowledges nothing for this long is given up.
    private static let acknowledgementLimit = Duration.seconds(30)
    /// How many messages are in flight at most: libmosquitto's own limit, unless the broker names a lower one.
    private static let window = 20

    private let configuration: MQTTConfiguration
    private let shared: SharedState
    private let report: ConnectionReport
    private let pulse: LoopPulse
    private var machine: ConnectionStateMachine
    private var generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    private var attempt: ConnectionAttempt?
    private var handle: MosquittoHandle?
    private var connection: MQTTConnection?
    /// Subscriptions that the broker has not answered yet.
    private var subscriptions: [PacketID: String] = [:]
    /// Filters that were subscribed to over this connection.
    private var subscribed: Set<String> = []
    /// Those of them that the broker has granted.
    private var granted: Set<String> = []
    private var farewell: PacketID?

    init(
        _ configuration: MQTTConfiguration,
        shared: SharedState,
        report: ConnectionReport,
        backoff: Backoff,
        pulse: LoopPulse
    ) {
        self.configuration = configuration
        self.shared = shared
        self.report = report
        self.pulse = pulse
        self.machine = ConnectionStateMachine(
            version: configuration.version,
            lastWill: LastWillStrength(of: configuration.lastWill),
            backoff: backoff,
            now: .now
        )
    }

    /// Returns within 2 s after the client was asked to stop.
    func run() {
        while machine.state != .stopped {
            let readiness = waitForActivity()
            if shared.isStopRequested { stop() }
            adoptAttempt()
            turn(readiness)
            subscribeFurther()
            sendWaiting()
            tick()
            handle?.flush()
        }
        report.flush()
        attempt?.abandon()
        handle = nil
        shared.resume(shared.withQueue { $0.close() })
        shared.resume(shared.withQueue { $0.disconnected() })
        shared.events.finish()
    }

    // MARK: Waiting

    /// - Returns: What the connection's socket is ready for (`poll(2)`), 0 for nothing.
    private func waitForActivity() -> Int32 {
        var descriptors = [pollfd(fd: shared.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        if let handle, let socket = handle.socket {
            let events = handle.wantsToWrite ? POLLIN | POLLOUT : POLLIN
            descriptors.append(pollfd(fd: socket, events: Int16(events), revents: 0))
        }
        let timeout = timeout
        pulse.rests(for: .milliseconds(timeout))
        _ = poll(&descriptors, nfds_t(descriptors.count), timeout)
        pulse.works()
        if descriptors[0].revents != 0 { shared.wakeUp.drain() }
        return descriptors.count > 1 ? Int32(descriptors[1].revents) : 0
    }

    /// In milliseconds, rounded up so that the clock has passed the deadline afterwards.
    private var timeout: Int32 {
        if let handle, handle.hasNews { return 0 }
        let limit = handle == nil ? nil : longestWait
        let wait = [machine.deadline.map { max(.zero, $0 - .now) }, limit].compactMap(\.self).min() ?? Self.pulse
        return Int32(clamping: Int((wait / .milliseconds(1)).rounded(.up)))
    }

    private var longestWait: Duration {
        guard case .connected = machine.state, let connection, !report.isGathering, subscriptions.isEmpty,
            shared.withQueue({ $0.oldestFlight == nil })
        else { return Self.pulse }
        return max(Self.pulse, connection.keepAlive / Self.lateness)
    }

    // MARK: Connecting and leaving

    private func tick() {
        switch machine.tick(at: .now) {
        case .doNothing, .stop: break
        case .connect(let version, let lastWill): connect(version, lastWill)
        case .giveUp(let failure): fail(failure)
        case .disconnect: handle?.disconnect()
        }
        report.tick(at: .now)
        guard case .connected = machine.state, let oldest = shared.withQueue({ $0.oldestFlight }) else { return }
        if .now - oldest > Self.acknowledgementLimit { fail(.unacknowledged) }
    }

    private func connect(_ version: MQTTProtocolVersion, _ lastWill: LastWillStrength) {
        report.connecting(version)
        do {
            attempt = try ConnectionAttempt(
                configuration,
                version: version,
                lastWill: lastWill,
                wakeUp: shared.wakeUp
            )
        } catch {
            fail(error)
        }
    }

    private func adoptAttempt() {
        guard let result = attempt?.takeResult() else { return }
        attempt = nil
        switch result {
        case .success(let handle): self.handle = handle
        case .failure(let failure): fail(failure)
        }
    }

    private func fail(_ failure: ConnectionFailure) {
        attempt?.abandon()
        attempt = nil
        handle = nil
        connection = nil
        subscriptions = [:]
        subscribed = []
        granted = []
        let unanswered = shared.withQueue { $0.unanswered }
        shared.resume(shared.withQueue { $0.disconnected() })
        let action = machine.failed(failure, unanswered: unanswered, at: .now, using: &generator)
        guard case .retry(let retry) = action else { return }
        report.failed(failure, retry)
        if retry.isNews { send(.disconnected(reason: failure.description)) }
    }

    private func stop() {
        guard case .sayFarewell = machine.stop(at: .now) else { return }
        shared.resume(shared.withQueue { $0.close() })
        farewell = configuration.lastWill.flatMap { try? publish($0) }
        if farewell == nil { settleFarewell() }
    }

    private func settleFarewell() {
        if case .disconnect = machine.farewellSettled(at: .now) { handle?.disconnect() }
    }

    // MARK: A turn

    private func turn(_ readiness: Int32) {
        guard let handle else { return }
        let (events, end) = handle.turn(readiness: readiness)
        var reason: ConnectionFailure?
        for event in events { reason = perform(event) ?? reason }
        if let end {
            fail(reason ?? failure(for: end))
        } else {
            handle.acknowledgeQuickly()
        }
    }

    /// - Returns: Why the connection is about to end, where the event says so.
    private func perform(_ event: CallbackEvent) -> ConnectionFailure? {
        switch event {
        case .accepted(let connection): accept(connection)
        case .refused(let reason): return .refused(reason)
        case .dismissed(let reason): return .dismissed(reason)
        case .acknowledged(let id, let reason): acknowledge(id, reason)
        case .subscribed(let id, let reason): noteSubscription(id, reason)
        case .message(let message): send(.message(message))
        case .oversized(let message, let byteCount): send(.oversized(message, byteCount: byteCount))
        case .unreadableTopic: report.unreadableTopic(shared.count(\.unreadableTopics))
        }
        return nil
    }

    private func accept(_ accepted: MQTTConnection) {
        let full = LastWillStrength(of: configuration.lastWill)
        let connection = accepted.limited(by: machine.lastWill, of: full)
        switch machine.accepted(at: .now) {
        case .doNothing: return
        case .connectAgain:
            handle?.disconnect()
            handle = nil
            return
        case .announce(let outage): announce(connection, outage)
        }
    }

    private func announce(_ connection: MQTTConnection, _ outage: Duration?) {
        self.connection = connection
        shared.count(\.connections)
        let window = machine.unwelcome.isCareful ? 1 : min(connection.receiveMaximum, Self.window)
        shared.withQueue { $0.connected(window: window) }
        report.connected(connection, outage: outage)
        let quality = configuration.lastWill?.qualityOfService ?? .atLeastOnce
        report.lacks(connection.shortcomings(publishingWith: quality), at: .now)
        send(.connected(connection))
        let filters = configuration.subscriptions
        subscribe(to: connection.wildcardsAvailable ? filters : filters.filter { !TopicFilter.hasWildcard($0) })
    }

    /// Subscribes to what was named since. A topic that a granted filter covers would arrive twice.
    private func subscribeFurther() {
        guard connection != nil, subscriptions.isEmpty else { return }
        let filters = shared.furtherFilters.filter { !subscribed.contains($0) }
        if filters.isEmpty { return }
        subscribe(to: filters.filter { topic in !granted.contains { TopicFilter.covers($0, topic) } })
    }

    private func subscribe(to filters: [String]) {
        guard connection != nil, let handle else { return }
        for filter in filters where !subscribed.contains(filter) {
            guard let id = handle.subscribe(to: filter) else { return }
            subscribed.insert(filter)
            subscriptions[id] = filter
        }
    }

    private func acknowledge(_ id: PacketID, _ reason: MQTTReasonCode) {
        if id == farewell { return settleFarewell() }
        let (message, isConfirmed, completion) = shared.withQueue { $0.acknowledged(id, reason: reason) }
        guard let message else { return }
        if isConfirmed { machine.acknowledged(message) }
        if reason.isFailure { noteRefusedPublish(message.topic, reason) } else { shared.count(\.publishes) }
        shared.resume(completion)
    }

    private func noteRefusedPublish(_ topic: String, _ reason: MQTTReasonCode) {
        shared.count(\.refusedPublishes)
        report.refused(.publish, topic, reason, at: .now)
    }

    private func noteSubscription(_ id: PacketID, _ reason: MQTTReasonCode) {
        guard let filter = subscriptions.removeValue(forKey: id) else { return }
        if !reason.isFailure { granted.insert(filter) }
        if reason.isFailure, report.refused(.subscribe, filter, reason, at: .now) {
            send(.subscriptionRefused(filter: filter, reason))
        }
        if subscriptions.isEmpty { send(.subscribed) }
    }

    private func failure(for end: ConnectionEnd) -> ConnectionFailure {
        let wasConnected = if case .connecting = machine.state { false } else { true }
        return switch end.code {
        case .tls: .tlsFailed(end.explanation ?? end.problem)
        case .keepAlive: wasConnected ? .silent : .timedOut
        case .success, .connectionLost: wasConnected ? .lost("the broker closed it") : .closedUnanswered
        default: wasConnected ? .lost(end.problem) : .closedUnanswered
        }
    }

    // MARK: Sending

    private func sendWaiting() {
        while let (position, message) = shared.withQueue({ $0.next() }) {
            let trait = MessageTrait(message)
            do throws(MQTTError) {
                if let reason = machine.unwelcome.reason(against: trait) { throw .refused(reason) }
                let id = try publish(message)
                let (awaited, isConfirmed) = awaitedPacket(after: message, id)
                shared.withQueue { $0.sent(position, trait, as: awaited, isConfirmed: isConfirmed, at: .now) }
            } catch .connectionLost {
                // It may have left nevertheless. The next turn finds out why, and tells everyone.
                shared.withQueue { $0.sent(position, trait, as: -1, at: .now) }
                return
            } catch {
                if case .refused(let reason) = error { noteRefusedPublish(message.topic, reason) }
                shared.resume(shared.withQueue { $0.failed(position, with: error) })
            }
        }
    }

    private func publish(_ message: MQTTMessage) throws(MQTTError) -> PacketID {
        guard let handle, let connection else { throw .notConnected }
        return try handle.publish(message, over: connection)
    }

    /// While messages go out one by one, one that nobody acknowledges (QoS 0) is followed by something that is.
    ///
    /// - Returns: The packet whose end ends the wait for a message, and whether that shows that the broker has read it.
    private func awaitedPacket(after message: MQTTMessage, _ id: PacketID) -> (PacketID, isConfirmed: Bool) {
        guard let connection else { return (id, false) }
        if min(message.qualityOfService, connection.maximumQualityOfService) > .atMostOnce { return (id, true) }
        guard machine.unwelcome.isCareful else { return (id, false) }
        // If it cannot be sent, the connection is lost, and the message is still in flight.
        return (handle?.askForSign() ?? -1, true)
    }

    private func send(_ event: MQTTEvent) {
        if !shared.events.send(event) { report.droppedMessage(shared.count(\.droppedMessages)) }
    }
}
