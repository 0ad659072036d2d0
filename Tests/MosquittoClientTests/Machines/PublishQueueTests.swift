import Testing

@testable import MosquittoClient

/// Waiters are plain numbers here, continuations in production.
@Suite struct PublishQueueTests {
    typealias Queue = PublishQueue<Int>

    let now = ContinuousClock.now

    func messages(_ topics: String...) -> [MQTTMessage] { topics.map { MQTTMessage(topic: $0, payload: []) } }

    func online(window: Int = 20) -> Queue {
        var queue = Queue()
        queue.connected(window: window)
        return queue
    }

    /// Submits, and expects to wait.
    func submit(_ topics: String..., as waiter: Int, to queue: inout Queue) -> Queue.Ticket {
        let ticket = queue.drawTicket()
        let messages = topics.map { MQTTMessage(topic: $0, payload: []) }
        guard case .wakeLoop = queue.submit(messages, ticket: ticket, waiter: waiter) else {
            Issue.record("the queue does not take it")
            return ticket
        }
        return ticket
    }

    /// Sends everything that may be sent, with packet ids that go up from `first`.
    @discardableResult
    func sendAll(_ queue: inout Queue, from first: PacketID = 1) -> [String] {
        var topics: [String] = []
        while let (position, message) = queue.next() {
            queue.sent(position, MessageTrait(message), as: first + PacketID(topics.count), at: now)
            topics.append(message.topic)
        }
        return topics
    }

    @Test("Without a connection everything fails at once and nothing is kept")
    func offline() {
        var queue = Queue()
        let action = queue.submit(messages("a", "b"), ticket: queue.drawTicket(), waiter: 7)
        guard case .complete(let completion) = action else { return #expect(Bool(false)) }
        #expect(completion.waiter == 7)
        #expect(completion.deliveries == [.notSent(.notConnected), .notSent(.notConnected)])
        queue.connected(window: 5)
        #expect(queue.next() == nil)
    }

    @Test("No messages are acknowledged at once")
    func empty() {
        var queue = online()
        guard case .complete(let completion) = queue.submit([], ticket: queue.drawTicket(), waiter: 7) else {
            return #expect(Bool(false))
        }
        #expect(completion.deliveries.isEmpty)
    }

    @Test("Messages go out in the callers' order, at most as many at a time as the window allows")
    func order() {
        var queue = online(window: 3)
        _ = submit("a", "b", as: 1, to: &queue)
        _ = submit("c", "d", as: 2, to: &queue)
        #expect(sendAll(&queue) == ["a", "b", "c"])
        #expect(queue.acknowledged(1, reason: .success).completion == nil)
        #expect(sendAll(&queue, from: 4) == ["d"])
    }

    @Test("A caller is resumed when its last message is answered, in whatever order the answers come")
    func completion() {
        var queue = online()
        _ = submit("a", "b", as: 1, to: &queue)
        sendAll(&queue)
        let first = queue.acknowledged(2, reason: .notAuthorized)
        #expect(first.message?.topic == "b" && first.completion == nil)
        let second = queue.acknowledged(1, reason: MQTTReasonCode(rawValue: 16))
        #expect(second.completion?.waiter == 1)
        #expect(second.completion?.deliveries == [.acknowledged, .refused(.notAuthorized)])
    }

    @Test("An answer to nothing, or a second one, is ignored")
    func strayAcknowledgement() {
        var queue = online()
        _ = submit("a", as: 1, to: &queue)
        sendAll(&queue)
        #expect(queue.acknowledged(9, reason: .success).message == nil)
        #expect(queue.acknowledged(1, reason: .success).completion?.waiter == 1)
        #expect(queue.acknowledged(1, reason: .success).completion == nil)
    }

    @Test("A message that cannot be sent is told apart from the others of its call")
    func failure() {
        var queue = online()
        _ = submit("a", "b", as: 1, to: &queue)
        guard let first = queue.next(), let second = queue.next() else { return #expect(Bool(false)) }
        #expect(queue.failed(first.position, with: .invalidMessage("x")) == nil)
        queue.sent(second.position, MessageTrait(second.message), as: 1, at: now)
        let completion = queue.acknowledged(1, reason: .success).completion
        #expect(completion?.deliveries == [.notSent(.invalidMessage("x")), .acknowledged])
    }

    @Test("A loss ends every call, and tells what may have arrived from what cannot have")
    func loss() {
        var queue = online(window: 2)
        _ = submit("a", "b", "c", as: 1, to: &queue)
        _ = submit("d", as: 2, to: &queue)
        sendAll(&queue)
        _ = queue.acknowledged(1, reason: .success)
        let completions = queue.disconnected()
        #expect(completions.map(\.waiter) == [1, 2])
        #expect(
            completions.map(\.deliveries) == [
                [.acknowledged, .unconfirmed(.connectionLost), .notSent(.connectionLost)],
                [.notSent(.connectionLost)],
            ]
        )
        queue.connected(window: 2)
        #expect(queue.next() == nil)
        #expect(queue.acknowledged(2, reason: .success).completion == nil)
    }

    @Test("Cancelling ends one call and touches no other")
    func cancel() {
        var queue = online(window: 1)
        let ticket = submit("a", "b", as: 1, to: &queue)
        _ = submit("c", as: 2, to: &queue)
        sendAll(&queue)
        let cancelled = queue.cancel(ticket)
        #expect(cancelled?.waiter == 1)
        #expect(cancelled?.deliveries == [.unconfirmed(.cancelled), .notSent(.cancelled)])
        #expect(queue.cancel(ticket) == nil)
        // The packet that is under way still holds its place in the window.
        #expect(queue.next() == nil)
        #expect(queue.acknowledged(1, reason: .success).completion == nil)
        #expect(sendAll(&queue, from: 2) == ["c"])
        #expect(queue.acknowledged(2, reason: .success).completion?.waiter == 2)
    }

    @Test("Cancelling before the call is known does nothing")
    func cancelEarly() {
        var queue = online()
        let ticket = queue.drawTicket()
        #expect(queue.cancel(ticket) == nil)
    }

    @Test("Closing fails what was not sent, lets answers in, and takes no more, whatever comes")
    func close() {
        var queue = online(window: 1)
        _ = submit("a", as: 1, to: &queue)
        _ = submit("b", as: 2, to: &queue)
        sendAll(&queue)
        #expect(queue.close().map(\.deliveries) == [[.notSent(.closed)]])
        #expect(queue.acknowledged(1, reason: .success).completion?.deliveries == [.acknowledged])
        queue.connected(window: 1)
        guard case .complete(let refused) = queue.submit(messages("c"), ticket: queue.drawTicket(), waiter: 3) else {
            return #expect(Bool(false))
        }
        #expect(refused.deliveries == [.notSent(.closed)])
    }

    @Test("The age of the oldest unanswered message is known")
    func oldest() {
        var queue = online()
        _ = submit("a", "b", as: 1, to: &queue)
        #expect(queue.oldestFlight == nil)
        for (id, age) in [(PacketID(1), 0), (2, 5)] {
            guard let next = queue.next() else { return #expect(Bool(false)) }
            queue.sent(next.position, MessageTrait(next.message), as: id, at: now + .seconds(age))
        }
        #expect(queue.oldestFlight == now)
        _ = queue.acknowledged(1, reason: .success)
        #expect(queue.oldestFlight == now + .seconds(5))
    }
}

private func == (left: PublishQueue<Int>.Completion?, right: PublishQueue<Int>.Completion?) -> Bool {
    left?.waiter == right?.waiter && left?.deliveries == right?.deliveries
}

private func == (
    left: (position: PublishQueue<Int>.Position, message: MQTTMessage)?,
    right: (position: PublishQueue<Int>.Position, message: MQTTMessage)?
) -> Bool {
    left?.position == right?.position && left?.message == right?.message
}
