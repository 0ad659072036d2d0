import Basics
import BridgeCore
import HeatingModel
import Logging

/// Says what came of a message: beside its topic, to whoever asked for an answer, and on `bridge/event`.
struct OutcomeReporter: Sendable {
    let broker: any Broker
    let bridge: BridgeTopics
    let counts: LoopCounts
    let clock: any WallClock
    let logger: Logger

    func report(
        _ outcome: Outcome,
        to sender: Command.Sender,
        times: CommandTimes = CommandTimes(),
        in group: inout DiscardingTaskGroup
    ) {
        counts.ended(outcome.kind, times)
        let json = outcome.json(for: sender, times: times, at: clock.now)
        logger.log(
            level: outcome.kind == .succeeded || outcome.kind == .superseded ? .info : .warning,
            "A command ended",
            metadata: [
                "for": "\(sender.subject)", "outcome": "\(outcome.kind)", "reason": "\(outcome.message ?? "-")",
            ]
        )
        var messages = [Publication(topic: sender.resultTopic, payload: json.text, isRetained: false)]
        if let topic = sender.responseTopic, bridge.isAnswerable(topic) {
            messages.append(
                Publication(
                    topic: topic,
                    payload: json.text,
                    isRetained: false,
                    correlationData: sender.correlationData
                )
            )
        }
        let event: JSONValue = ["type": .string("command"), "topic": .string(sender.subject), "outcome": json]
        messages.append(Publication(topic: bridge.event, payload: event.text, isRetained: false))
        group.addTask { [messages] in await deliver(messages) }
    }

    /// Removes a retained command, so that it does not come again with every connection.
    func clear(_ topic: String, in group: inout DiscardingTaskGroup) {
        group.addTask { await deliver([Publication(topic: topic, payload: "", isRetained: true)]) }
    }

    /// A message that nothing could be made of in time, since the cloud never said what there is.
    func expire(_ message: IncomingMessage, in group: inout DiscardingTaskGroup) {
        guard let sender = Command.Sender(unread: message) else { return }
        report(.expired("The cloud has not told what homes there are."), to: sender, in: &group)
    }

    /// An outcome is said once, and kept until it can be: the broker may be away for a while.
    private func deliver(_ messages: [Publication]) async {
        var remaining = messages
        let giveUp = clock.now + .seconds(600)
        while !remaining.isEmpty, clock.now < giveUp, !Task.isCancelled {
            let delivered = await broker.publish(remaining)
            remaining = zip(remaining, delivered).filter { !$0.1 }.map(\.0)
            if !remaining.isEmpty { try? await clock.sleep(for: .seconds(1)) }
        }
    }
}
