import Synchronization

/// All that the loop's thread and everybody else have in common.
final class Mailbox: Sendable {
    typealias Waiter = CheckedContinuation<[MQTTDelivery], Never>

    let events = EventChannel()
    let wakeUp: WakeUp
    private let queue = Mutex(PublishQueue<Waiter>())
    private let counted = Mutex(MQTTCounters())
    private let stopRequested = Atomic(false)

    init() throws(MQTTError) { wakeUp = try WakeUp() }

    var counters: MQTTCounters { counted.withLock { $0 } }
    var isStopRequested: Bool { stopRequested.load(ordering: .acquiring) }

    /// May be called under any lock: it sets a flag and wakes the loop.
    func requestStop() {
        stopRequested.store(true, ordering: .releasing)
        wakeUp.signal()
    }

    /// - Returns: The counter's new value.
    @discardableResult
    func count(_ counter: any WritableKeyPath<MQTTCounters, Int> & Sendable) -> Int {
        counted.withLock { counters in
            counters[keyPath: counter] += 1
            return counters[keyPath: counter]
        }
    }

    /// Hands messages to the loop and waits until each one's fate is known.
    func deliver(_ messages: [MQTTMessage]) async -> [MQTTDelivery] {
        let ticket = queue.withLock { $0.drawTicket() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let action = queue.withLock { queue in
                    // Under the lock: a cancellation that comes later finds the ticket.
                    Task.isCancelled
                        ? .complete(.init(waiter: waiter, deliveries: messages.map { _ in .notSent(.cancelled) }))
                        : queue.submit(messages, ticket: ticket, waiter: waiter)
                }
                switch action {
                case .wakeLoop: wakeUp.signal()
                case .complete(let completion): resume(completion)
                }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    /// Runs an input of the queue's machine under its lock.
    func withQueue<Result: Sendable>(_ input: (inout PublishQueue<Waiter>) -> Result) -> Result {
        queue.withLock { input(&$0) }
    }

    /// Resumes callers; never under the lock.
    func resume(_ completions: [PublishQueue<Waiter>.Completion]) {
        for completion in completions { resume(completion) }
    }

    /// Resumes a caller, if there is one; never under the lock.
    func resume(_ completion: PublishQueue<Waiter>.Completion?) {
        if let completion { completion.waiter.resume(returning: completion.deliveries) }
    }

    private func cancel(_ ticket: PublishQueue<Waiter>.Ticket) {
        resume(queue.withLock { $0.cancel(ticket) })
    }
}
