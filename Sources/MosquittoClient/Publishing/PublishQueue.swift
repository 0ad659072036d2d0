import Basics

/// The messages that wait to be sent and those that wait for the broker's acknowledgement, in the order of the callers.
///
/// A value without locks, tasks or I/O: it tells whom to resume, and its owner does so. No more than `window` messages
/// are in flight, so that libmosquitto, whose own queue has no bound, never holds one back.
struct PublishQueue<Waiter: Sendable>: ~Copyable {
    /// Names the messages of one call.
    typealias Ticket = UInt64

    /// One message of a call.
    struct Position: Equatable, Sendable {
        let ticket: Ticket
        let index: Int
    }

    /// A waiter whose call has ended, to be resumed outside the lock.
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
        let sentAt: ContinuousClock.Instant
    }

    private var state = State.offline
    private var calls: [Ticket: Call] = [:]
    private var waiting: ArraySlice<Position> = []
    private var flights: [PacketID: Flight] = [:]
    private var lastTicket: Ticket = 0

    /// Names a call before it is submitted, so that it can be cancelled from the first moment on.
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

    /// - Returns: The message to send next, or nil when there is none or enough are in flight.
    mutating func next() -> (position: Position, message: MQTTMessage)? {
        guard case .online(let window) = state, flights.count < window else { return nil }
        while let position = waiting.popFirst() {
            if let call = calls[position.ticket] { return (position, call.messages[position.index]) }
        }
        return nil
    }

    mutating func sent(_ position: Position, as id: PacketID, at now: ContinuousClock.Instant) {
        flights[id] = Flight(position: position, sentAt: now)
    }

    /// Ends a message that ``next()`` handed out and that could not be sent.
    mutating func failed(_ position: Position, with error: MQTTError) -> Completion? {
        settle(position, as: .notSent(error))
    }

    /// - Returns: The topic that the packet was for (nil when nobody waits any more) and who is to be resumed.
    mutating func acknowledged(_ id: PacketID, reason: MQTTReasonCode) -> (topic: String?, completion: Completion?) {
        guard let flight = flights.removeValue(forKey: id) else { return (nil, nil) }
        let topic = calls[flight.position.ticket]?.messages[flight.position.index].topic
        return (topic, settle(flight.position, as: reason.isFailure ? .refused(reason) : .acknowledged))
    }

    var isOnline: Bool {
        if case .online = state { true } else { false }
    }

    /// Messages whose fate is not known yet.
    var count: Int { calls.values.lazy.map(\.remaining).reduce(0, +) }

    /// When the message was sent that has waited longest for its acknowledgement.
    var oldestFlight: ContinuousClock.Instant? { flights.values.lazy.map(\.sentAt).min() }

    /// Ends one call: what has not been sent never will be. Others are not touched.
    mutating func cancel(_ ticket: Ticket) -> Completion? {
        let flying = flights.values.compactMap { $0.position.ticket == ticket ? $0.position.index : nil }
        return end(ticket, flying: Set(flying), with: .cancelled)
    }

    /// Ends every call, since the connection is gone. New ones fail at once until ``connected(window:)``.
    mutating func disconnected() -> [Completion] {
        if state != .closed { state = .offline }
        return endAll(with: .connectionLost)
    }

    /// Ends what has not been sent; what is in flight may still be acknowledged. New calls fail from now on.
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
