import Basics
import BridgeCore
import BridgeServices
import Dispatch
import Foundation
import Logging
import MosquittoClient
import StateFile
import Synchronization
import SystemPackage

/// The journal of commands on the disk: `<state file>.<base topic>.journal`, one for each bridge.
///
/// Commands come in on the MQTT client's thread, and are in the file before they are acknowledged. Everything else is
/// written on a thread of the journal's own. While the file cannot be written the bridge goes on without it.
final class BridgeJournal: Sendable {
    private struct State {
        var leftovers: [Journal.Entry] = []
        var isOpen = false
        var isFailing = false
    }

    private let file: LineFile
    private let topics: SubscribedTopics
    private let clock: any WallClock
    private let logger: Logger
    private let thread = JournalThread()
    private let state: Mutex<State>
    private let shared: Shared

    /// What the file asks for while it is compacted.
    private final class Shared: Sendable {
        let journal = Mutex(Journal())
    }

    init(
        at path: FilePath,
        topics: SubscribedTopics,
        clock: any WallClock,
        logger: Logger
    ) {
        self.topics = topics
        self.clock = clock
        self.logger = logger
        state = Mutex(State())
        let shared = Shared()
        self.shared = shared
        file = LineFile(path, header: #"{"journal":1}"#, logger: logger) {
            shared.journal.withLock { $0 }.records.compactMap(Self.line)
        }
    }

    /// Opens the file. While another process has it, which may be the one that this one replaces and that is stopping,
    /// it is waited for.
    func open() async {
        await withTaskExecutorPreference(thread) {
            for attempt in 0..<50 {
                do throws(StateFileError) {
                    let lines = try file.open()
                    let records = lines.compactMap {
                        try? JSONDecoder().decode(JournalRecord.self, from: Data($0.utf8))
                    }
                    if records.count < lines.count {
                        logger.warning(
                            "Some of the journal of commands could not be read",
                            metadata: ["lines": "\(lines.count - records.count)"]
                        )
                    }
                    let journal = Journal(records)
                    shared.journal.withLock { $0 = journal }
                    state.withLock { ($0.leftovers, $0.isOpen) = (journal.entries, true) }
                    return
                } catch  where error.code == .locked && attempt < 49 {
                    guard (try? await clock.sleep(for: .milliseconds(200))) != nil else { return }
                } catch {
                    logger.warning("Commands are not kept over a restart", metadata: ["reason": "\(error)"])
                    return
                }
            }
        }
    }

    private static func line(_ record: JournalRecord) -> String? {
        (try? JSONEncoder().encode(record)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Applies a record and writes it, in the same order as all others.
    private func write(_ journal: inout Journal, _ record: JournalRecord) {
        journal.apply(record)
        guard state.withLock(\.isOpen), let line = Self.line(record) else { return }
        do throws(StateFileError) {
            try file.append(line)
            if journal.entries.isEmpty { file.clear() }
            let isNews = state.withLock { state in
                defer { state.isFailing = false }
                return state.isFailing
            }
            if isNews { logger.notice("The journal of commands can be written again") }
        } catch {
            let isNews = state.withLock { state in
                defer { state.isFailing = true }
                return !state.isFailing
            }
            if isNews {
                logger.warning("Commands are not kept over a restart", metadata: ["reason": "\(error)"])
            }
        }
    }
}

extension BridgeJournal: CommandJournal {
    func takeLeftovers() async -> [Journal.Entry] {
        state.withLock { state in
            defer { state.leftovers = [] }
            return state.leftovers
        }
    }

    func keep(_ message: IncomingMessage) async -> Int? {
        let journaled = JournaledMessage(message, accepted: clock.now)
        return await withTaskExecutorPreference(thread) {
            shared.journal.withLock { journal in
                guard case .new(let record) = journal.receive(journaled) else { return nil }
                write(&journal, record)
                return record.entry
            }
        }
    }

    func write(_ record: JournalRecord) async {
        await withTaskExecutorPreference(thread) { shared.journal.withLock { write(&$0, record) } }
    }
}

extension BridgeJournal: MessageKeeper {
    func connected(resumesSession: Bool) {
        shared.journal.withLock { $0.connected(resumesSession: resumesSession) }
    }

    func keep(_ message: MQTTMessage, packet: Int?) -> MessageKeeping {
        // A retained command is refused; it comes again at every connection.
        guard !message.isRetained, case .command? = topics.meaning(of: message.topic) else { return .passed }
        let journaled = JournaledMessage(
            topic: message.topic,
            payload: message.payload,
            responseTopic: message.properties.responseTopic,
            correlationData: message.properties.correlationData,
            expiry: message.properties.messageExpiry,
            accepted: clock.now,
            packet: packet
        )
        return shared.journal.withLock { journal in
            switch journal.receive(journaled) {
            case .redelivered:
                logger.debug("A command that is in hand was delivered again", metadata: ["topic": "\(message.topic)"])
                return .dropped
            case .full:
                return .passed
            case .new(let record):
                write(&journal, record)
                return .kept(as: record.entry)
            }
        }
    }
}

/// A serial thread for the journal, beyond the cooperative pool.
private final class JournalThread: TaskExecutor {
    private let queue = DispatchQueue(label: "journal")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

extension Settings {
    /// Where commands are kept over a restart.
    var journal: FilePath { ownFile("journal") }
}
