import Basics
import BridgeCore
import HeatingModel
import Logging

/// Publishes the outcome of a message: beside its topic, on its response topic, and on `bridge/event`.
struct OutcomeReporter: Sendable {
    let broker: any Broker
    let journal: any CommandJournal
    let events: EventFeed
    let listeners: OutcomeListeners
    let bridge: BridgeTopics
    let counts: LoopCounts
    let clock: any WallClock
    let logger: Logger

    /// - Parameter zones: Those of a message for several zones.
    func report(
        _ outcome: Outcome,
        to sender: Command.Sender,
        times: CommandTimes = CommandTimes(),
        zones: [GroupOutcome.Zone]? = nil
    ) async {
        counts.ended(outcome.kind, times)
        let json = outcome.json(for: sender, times: times, zones: zones, at: clock.now)
        var metadata: Logger.Metadata = ["for": "\(sender.subject)", "outcome": "\(outcome.kind)"]
        if let reason = outcome.message { metadata["reason"] = "\(reason)" }
        logger.log(
            level: outcome.kind == .succeeded || outcome.kind == .superseded ? .info : .warning,
            "A command ended",
            metadata: metadata
        )
        let answers = Publication.answer(
            json.text,
            on: sender.resultTopic,
            responseTopic: sender.responseTopic,
            correlationData: sender.correlationData,
            bridge: bridge
        )
        let event: JSONValue = ["type": .string("command"), "topic": .string(sender.subject), "outcome": json]
        let messages = answers + [Publication(topic: bridge.event, payload: event.text, isRetained: false)]
        if let entry = sender.journalEntry { await journal.write(JournalRecord(entry, .ended(messages))) }
        listeners.ended(outcome.kind, json, for: sender)
        events.add(event.text)
        await deliver(messages, of: sender.journalEntry)
    }

    /// Refuses a message for which there is no room.
    func refuse(_ entry: WaitingMessages.Entry) async {
        let refusal = Refusal(.busy, "Too many commands are waiting; send it again later.")
        await report(.rejected(refusal), to: Command.Sender(of: entry.message, on: entry.topic))
    }

    /// An outcome is published once, and kept until it can be: the broker may be away for a while. One that is in the
    /// journal is kept as long as it takes, and over a restart.
    ///
    /// - Parameter entry: The journal's.
    func deliver(_ messages: [Publication], of entry: Int?) async {
        var remaining = messages
        let giveUp = clock.uptime + .seconds(600)
        while !remaining.isEmpty, entry != nil || clock.uptime < giveUp, !Task.isCancelled {
            let delivered = await broker.publish(remaining)
            remaining = zip(remaining, delivered).filter { !$0.1 }.map(\.0)
            if !remaining.isEmpty { try? await clock.sleep(for: .seconds(1)) }
        }
        if let entry, remaining.isEmpty { await journal.write(JournalRecord(entry, .delivered)) }
    }
}
