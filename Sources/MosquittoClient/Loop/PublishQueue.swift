/// What became of one message of ``MosquittoClient/publish(contentsOf:)``.
public enum MQTTDelivery: Sendable, Hashable {
    /// The broker has it (QoS 1 and 2), or its bytes have left (QoS 0).
    case acknowledged
    /// The broker refused it.
    case refused(MQTTReasonCode)
    /// It was sent, but not answered: it may or may not have arrived.
    case unconfirmed(MQTTError)
    /// It never left.
    case notSent(MQTTError)
}

/// The messages that wait to be sent, and those that wait for the broker's acknowledgement, in the order of the callers.
///
/// A value without locks, tasks or I/O: it says whom to resume, and its owner does so. No more than `window` messages
/// are in flight, so that libmosquitto, whose own queue has no bound, never holds one back.
///
/// It has no bound of its own: a caller waits until its messages are settled, so there are only as many as callers hold.
struct PublishQueue<Waiter: Sendable>: ~Copyable {
    /// Identifies the messages of one call.
    typealias Ticket = UInt64

    /// One message of a call.
    struct Position: Equatable, Sendable {
        let ticket: Ticket
        let index: Int
    }

    /// A waiter whose call has ended. Resume it outside the lock.
    struct Completion: Sendable {
        let waiter: Waiter
        let deliveries: [MQTTDelivery]
    }

    enum SubmitAction {
        case wakeLoop
        case complete(Completion)
    }

    private enum State: Equatable {
        case offline
        case online(window: Int)
        case closed
    }

    private struct Call {
        let messages: [MQTTMessage]
        let waiter: Waiter
        var deliveries: [MQTTDelivery?]
        var remaining: Int
    }

    private struct Flight {
        let position: Position
        let message: MessageTrait
        /// Whether its end shows that the broker has read it.
        let isConfirmed: Bool
        let sentAt: ContinuousClock.Instant
    }

    private var state = State.offline
    private var calls: [Ticket: Call] = [:]
    private var waiting: ArraySlice<Position> = []
    private var flights: [PacketID: Flight] = [:]
    private var lastTicket: Ticket = 0

    /// Drawn before the call is submitted, so that it can be cancelled from the first moment on.
    mutating func drawTicket() -> Ticket {
        lastTicket += 1
        return lastTicket
    }

    mutating func submit(_ messages: [MQTTMessage], ticket: Ticket, waiter: Waiter) -> SubmitAction {
        let refusal: MQTTError? =
            switch state {
            case .online: nil
            case .offline: .notConnected
            case .closed: .closed
            }
        if let refusal {
            return .complete(.init(waiter: waiter, deliveries: messages.map { _ in .notSent(refusal) }))
        }
        if messages.isEmpty { return .complete(.init(waiter: waiter, deliveries: [])) }
        calls[ticket] = Call(
            messages: messages,
            waiter: waiter,
            deliveries: Array(repeating: nil, count: messages.count),
            remaining: messages.count
        )
        waiting.append(contentsOf: messages.indices.map { Position(ticket: ticket, index: $0) })
        return .wakeLoop
    }

    /// - Parameter window: How many messages may be in flight at once, at least 1.
    mutating func connected(window: Int) {
        guard state != .closed else { return }
        state = .online(window: max(1, window))
    }

    /// - Returns: The message to send next; `nil` when there is none, or as many as allowed are in flight.
    mutating func next() -> (position: Position, message: MQTTMessage)? {
        guard case .online(let window) = state, flights.count < window else { return nil }
        while let position = waiting.popFirst() {
            if let call = calls[position.ticket] { return (position, call.messages[position.index]) }
        }
        return nil
    }

    mutating func sent(
        _ position: Position,
        _ message: MessageTrait,
        as id: PacketID,
        isConfirmed: Bool = true,
        at now: ContinuousClock.Instant
    ) {
        flights[id] = Flight(position: position, message: message, isConfirmed: isConfirmed, sentAt: now)
    }

    /// Settles a message from ``next()`` that could not be sent.
    mutating func failed(_ position: Position, with error: MQTTError) -> Completion? {
        settle(position, as: .notSent(error))
    }

    /// - Returns: The message, `nil` when it is not one of these; whether the broker has read it; and whom to resume.
    mutating func acknowledged(
        _ id: PacketID,
        reason: MQTTReasonCode
    ) -> (message: MessageTrait?, isConfirmed: Bool, completion: Completion?) {
        guard let flight = flights.removeValue(forKey: id) else { return (nil, false, nil) }
        let completion = settle(flight.position, as: reason.isFailure ? .refused(reason) : .acknowledged)
        return (flight.message, flight.isConfirmed, completion)
    }

    /// The messages that were sent and not acknowledged yet.
    var unanswered: [MessageTrait] { flights.values.map(\.message) }

    var isOnline: Bool {
        if case .online = state { true } else { false }
    }

    /// The number of messages whose fate is not known yet.
    var count: Int { calls.values.lazy.map { $0.remaining }.reduce(0, +) }

    /// When the oldest unacknowledged message was sent. A key path would be made anew in each turn of the loop.
    var oldestFlight: ContinuousClock.Instant? { flights.values.lazy.map { $0.sentAt }.min() }

    /// Ends one call: its unsent messages are never sent. Other calls are not affected.
    mutating func cancel(_ ticket: Ticket) -> Completion? {
        let flying = flights.values.compactMap { $0.position.ticket == ticket ? $0.position.index : nil }
        return end(ticket, flying: Set(flying), with: .cancelled)
    }

    /// Ends every call, as the connection is gone. New ones fail at once until ``connected(window:)``.
    mutating func disconnected() -> [Completion] {
        if state != .closed { state = .offline }
        return endAll(with: .connectionLost)
    }

    /// Ends what has not been sent. What is in flight may still be acknowledged. New calls fail from now on.
    mutating func close() -> [Completion] {
        state = .closed
        let unsent = waiting
        waiting = []
        return unsent.compactMap { settle($0, as: .notSent(.closed)) }
    }

    private mutating func endAll(with error: MQTTError) -> [Completion] {
        var flying: [Ticket: Set<Int>] = [:]
        for flight in flights.values { flying[flight.position.ticket, default: []].insert(flight.position.index) }
        flights = [:]
        waiting = []
        return calls.keys.sorted().compactMap { end($0, flying: flying[$0] ?? [], with: error) }
    }

    private mutating func end(_ ticket: Ticket, flying: Set<Int>, with error: MQTTError) -> Completion? {
        guard let call = calls.removeValue(forKey: ticket) else { return nil }
        let deliveries = call.deliveries.enumerated().map { index, delivery in
            delivery ?? (flying.contains(index) ? .unconfirmed(error) : .notSent(error))
        }
        return Completion(waiter: call.waiter, deliveries: deliveries)
    }

    private mutating func settle(_ position: Position, as delivery: MQTTDelivery) -> Completion? {
        guard var call = calls[position.ticket], call.deliveries[position.index] == nil else { return nil }
        calls[position.ticket] = nil  // So that the arrays below have one owner and are changed in place.
        call.deliveries[position.index] = delivery
        call.remaining -= 1
        guard call.remaining == 0 else {
            calls[position.ticket] = call
            return nil
        }
        return Completion(waiter: call.waiter, deliveries: call.deliveries.compactMap(\.self))
    }
}
