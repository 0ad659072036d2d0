import Basics
import HeatingModel

/// The messages that were accepted and whose outcome the broker does not have yet: what must outlive the process.
///
/// A value without a file: it takes in records and returns those that are to be written. The records of a file, applied in
/// their order, give the journal that wrote them.
public struct Journal: Equatable, Sendable {
    /// One accepted message.
    public struct Entry: Equatable, Sendable, Identifiable {
        /// Counts messages, over restarts too.
        public var id: Int
        public var message: JournaledMessage
        /// The calls that were made for it, or are on their way. A call that failed and will be made again is not here.
        public fileprivate(set) var calls: [JournaledCall] = []
        /// Zones of a message for several that have their outcome already.
        public fileprivate(set) var ends: [JournaledEnd] = []
        /// What is published at its end; `nil` while it has no outcome.
        public fileprivate(set) var outcome: [Publication]?

        public init(id: Int, message: JournaledMessage) {
            self.id = id
            self.message = message
        }
    }

    /// What is to be done with a message that has arrived.
    public enum Reception: Equatable, Sendable {
        /// Write the record, then carry the message out.
        case new(JournalRecord)
        /// The broker delivers again what it has not seen acknowledged: the message is in hand already.
        case redelivered
        /// The journal is full: the message is carried out without it.
        case full
    }

    /// How many messages and bytes of them it holds at most. More of them are not kept over a restart.
    static let limit = 2048
    static let byteLimit = 16 << 20

    /// In order of arrival.
    public private(set) var entries: [Entry] = []
    private var bytes = 0
    private var lastID = 0
    /// Entries that the broker may deliver again over the present connection.
    private var redeliverable: Set<Int> = []

    public init() {}

    /// A journal as its file tells it.
    public init(_ records: some Sequence<JournalRecord>) {
        for record in records { apply(record) }
    }

    /// The records that make this journal.
    public var records: [JournalRecord] {
        entries.flatMap { entry in
            [JournalRecord(entry.id, .accepted(entry.message))]
                + entry.calls.map { JournalRecord(entry.id, .called($0)) }
                + entry.ends.map { JournalRecord(entry.id, .settled($0)) }
                + (entry.outcome.map { [JournalRecord(entry.id, .ended($0))] } ?? [])
        }
    }

    // MARK: - Messages

    /// A new connection to the broker.
    ///
    /// - Parameter resumesSession: Whether the broker goes on with what it has not seen acknowledged. If not, it delivers
    ///   nothing again.
    public mutating func connected(resumesSession: Bool) {
        if !resumesSession { for index in entries.indices { entries[index].message.packet = nil } }
        redeliverable = Set(entries.lazy.filter { $0.message.packet != nil }.map(\.id))
    }

    /// A message has arrived, and is not acknowledged yet.
    public mutating func receive(_ message: JournaledMessage) -> Reception {
        if !redeliverable.isEmpty, let index = entries.firstIndex(where: { isRedelivery(message, of: $0) }) {
            redeliverable.remove(entries[index].id)
            entries[index].message.packet = message.packet
            return .redelivered
        }
        guard entries.count < Self.limit, bytes + message.size <= Self.byteLimit else { return .full }
        let record = JournalRecord(lastID + 1, .accepted(message))
        apply(record)
        return .new(record)
    }

    /// Whether the broker delivers a message again over a new connection, since it did not see it acknowledged.
    ///
    /// It keeps the packet's number then (MQTT 5, 4.4), while that of a new message with the same content is higher. Some
    /// brokers (RabbitMQ) number anew with each connection: there the number is lower. Once the broker has acknowledged the
    /// outcome, which was sent after the acknowledgement of the message, it does not deliver the message again, so that an
    /// entry that is gone need not be looked for.
    private func isRedelivery(_ message: JournaledMessage, of entry: Entry) -> Bool {
        guard redeliverable.contains(entry.id), let old = entry.message.packet, let new = message.packet, new <= old
        else {
            return false
        }
        return entry.message.hasSameContent(as: message)
    }

    // MARK: - Records

    public mutating func apply(_ record: JournalRecord) {
        if case .accepted(let message) = record.event {
            guard record.entry > lastID else { return }
            lastID = record.entry
            bytes += message.size
            entries.append(Entry(id: record.entry, message: message))
            return
        }
        guard let index = entries.firstIndex(where: { $0.id == record.entry }) else { return }
        switch record.event {
        case .accepted: break
        case .called(let call):
            entries[index].calls.removeAll { $0.target == call.target }
            entries[index].calls.append(call)
        case .taken(let target, let task):
            guard let call = entries[index].calls.firstIndex(where: { $0.target == target }) else { return }
            entries[index].calls[call].task = task
        case .failed(let target):
            entries[index].calls.removeAll { $0.target == target }
        case .settled(let end):
            entries[index].ends.removeAll { $0.target == end.target }
            entries[index].ends.append(end)
        case .ended(let outcome):
            entries[index].outcome = outcome
        case .delivered:
            bytes -= entries.remove(at: index).message.size
            redeliverable.remove(record.entry)
        }
    }
}
