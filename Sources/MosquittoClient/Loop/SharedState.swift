import Glibc
import Synchronization

/// What the loop's thread shares with everyone else. Everything in it may be used from any thread.
final class SharedState: Sendable {
    typealias Queue = PublishQueue<CheckedContinuation<[MQTTDelivery], Never>>

    let events = EventChannel()
    let wakeUp: WakeUp
    private let queue = Mutex(Queue())
    private let further = Mutex<[String]>([])
    private let counted = Mutex(MQTTCounters())
    private let stopRequested = Atomic(false)

    init() throws(MQTTError) { wakeUp = try WakeUp() }

    var counters: MQTTCounters { counted.withLock { $0 } }
    var isStopRequested: Bool { stopRequested.load(ordering: .acquiring) }

    /// Filters to subscribe to beside those of the configuration.
    var furtherFilters: [String] { further.withLock { $0 } }

    func setFurtherFilters(_ filters: [String]) {
        further.withLock { $0 = filters }
        wakeUp.signal()
    }

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

    /// Hands messages to the loop and waits until the fate of each is known.
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
            resume(queue.withLock { $0.cancel(ticket) })
        }
    }

    /// Runs an input of the queue's machine under its lock.
    func withQueue<Result: Sendable>(_ input: (inout Queue) -> Result) -> Result {
        queue.withLock { input(&$0) }
    }

    /// Resumes callers. Never call it under the lock.
    func resume(_ completions: [Queue.Completion]) {
        for completion in completions { resume(completion) }
    }

    /// Resumes a caller, if there is one. Never call it under the lock.
    func resume(_ completion: Queue.Completion?) {
        if let completion { completion.waiter.resume(returning: completion.deliveries) }
    }
}

/// What has happened since the start, for metrics.
public struct MQTTCounters: Sendable, Hashable {
    /// Connections that the broker accepted.
    public internal(set) var connections = 0
    /// Messages that the broker acknowledged.
    public internal(set) var publishes = 0
    /// Messages dropped because ``MosquittoClient/events`` was not read fast enough.
    public internal(set) var droppedMessages = 0
    /// Messages dropped because their topic was not UTF-8 or not a topic.
    public internal(set) var unreadableTopics = 0
    /// Messages that the broker refused.
    public internal(set) var refusedPublishes = 0
}

/// Ends the loop's waiting from any thread. Safe under any lock, since it only writes a byte to a pipe.
final class WakeUp: Sendable {
    /// Readable after a signal.
    let descriptor: Int32
    private let writeEnd: Int32

    init() throws(MQTTError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .unexpected("the MQTT client cannot open a pipe: \(SystemError.sentence(errno))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    /// Needs no retry when the pipe is full: then the loop wakes anyway.
    func signal() { _ = write(writeEnd, [1 as UInt8], 1) }

    /// Clears the signals so far. One that arrives meanwhile may stay and cause a turn with nothing to do.
    func drain() {
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
            _ = read(descriptor, buffer.baseAddress, buffer.count)
        }
    }
}
