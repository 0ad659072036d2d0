import Foundation
import MosquittoClient
import Synchronization

/// Every command that was sent, and every outcome that came back.
final class Ledger: Sendable {
    /// A call that only one command makes: no two commands of a round ask for the same setpoint in the same zone.
    struct Call: Hashable, Sendable {
        var zone: String
        var setpoint: Double
    }

    /// How often the cloud received a call.
    struct Made: Sendable {
        var times = 0
        /// Whether a call was made again though the one before was answered, or the program that made it has ended.
        var isRepeated = false
    }

    struct Sent: Sendable {
        var id: String
        var topic: String
        var payload: String
        var calls: [Call]
        /// The broker says that it has it. What it never took need not have an outcome.
        var isAcknowledged = false
        /// Why it need not have an outcome, such as a broker that was killed with it.
        var excuse: String?
        /// Each text once, with how often it came.
        var onResultTopic: [String: Int] = [:]
        var onResponseTopic: [String: Int] = [:]

        var needsOutcome: Bool { isAcknowledged && excuse == nil }
        var hasOutcome: Bool { !onResponseTopic.isEmpty }
        var texts: Set<String> { Set(onResultTopic.keys).union(onResponseTopic.keys) }

        /// As JSON, if it ended in one way.
        var outcome: [String: Any]? {
            texts.first.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        }
    }

    /// Where outcomes are expected beside `…/result`.
    static let responseTopic = "campaign/outcomes"

    private struct State {
        var sent: [String: Sent] = [:]
        var order: [String] = []
        var setpoints: [String: [Double]] = [:]
        /// The last one; those above 30 °C are kept for commands to several zones.
        var setpointForAll = 30.0
        var excuse: String?
        /// Outcomes of commands that nobody sent.
        var strangers: [String] = []
    }

    private let state = Mutex(State())

    /// Enters a command before it is sent.
    func enter(_ id: String, topic: String, payload: String, calls: [Call] = []) {
        state.withLock { state in
            state.sent[id] = Sent(id: id, topic: topic, payload: payload, calls: calls, excuse: state.excuse)
            state.order.append(id)
        }
    }

    func acknowledge(_ id: String) { state.withLock { $0.sent[id]?.isAcknowledged = true } }

    /// From now on, and for all that has no outcome, the broker may have lost messages. `nil` when that is over.
    func excuse(_ reason: String?) {
        state.withLock { state in
            state.excuse = reason
            guard let reason else { return }
            for id in state.order where state.sent[id]?.hasOutcome == false { state.sent[id]?.excuse = reason }
        }
    }

    /// A setpoint that no command of the round has asked for in this zone; `nil` when there are no more.
    func freshSetpoint(zone: String, using randomness: inout some RandomNumberGenerator) -> Double? {
        state.withLock { state in
            var left = state.setpoints[zone] ?? (10...60).map { Double($0) / 2 }.shuffled(using: &randomness)
            let setpoint = left.popLast()
            state.setpoints[zone] = left
            return setpoint
        }
    }

    /// A setpoint that no other command of the round has asked for in any zone; `nil` when there are no more.
    func setpointForAll() -> Double? {
        state.withLock { state in
            guard state.setpointForAll < 35 else { return nil }
            state.setpointForAll += 0.5
            return state.setpointForAll
        }
    }

    /// Takes a message that may be an outcome.
    func hear(_ message: MQTTMessage) {
        let text = String(decoding: message.payload, as: UTF8.self)
        if message.topic == Self.responseTopic {
            let id = String(decoding: message.properties.correlationData ?? [], as: UTF8.self)
            state.withLock { state in
                if state.sent[id] == nil { return state.strangers.append("\(id): \(text)") }
                state.sent[id]?.onResponseTopic[text, default: 0] += 1
            }
        } else if message.topic.hasSuffix("/result"), let id = Self.id(in: text) {
            state.withLock { $0.sent[id]?.onResultTopic[text, default: 0] += 1 }
        }
    }

    private static func id(in outcome: String) -> String? {
        (try? JSONSerialization.jsonObject(with: Data(outcome.utf8)) as? [String: Any])?["id"] as? String
    }

    var all: [Sent] { state.withLock { state in state.order.compactMap { state.sent[$0] } } }

    /// Commands whose outcome is still to come.
    var open: [Sent] { all.filter { $0.needsOutcome && !$0.hasOutcome } }

    /// - Parameter calls: What the cloud may have carried out.
    /// - Returns: What is wrong with outcomes; that some are missing only when all had their time.
    func violations(calls: [Call: Made], isOver: Bool) -> [String] {
        var found = state.withLock(\.strangers).map { "An outcome that no command has: \($0)" }
        for command in all {
            let name = "\(command.id) (\(command.payload.prefix(80)) on \(command.topic))"
            if command.texts.count > 1 {
                found.append("Two outcomes of \(name): \(command.texts.sorted().joined(separator: " and "))")
            }
            if isOver, command.needsOutcome, !command.hasOutcome { found.append("No outcome of \(name)") }
            for call in command.calls {
                let made = calls[call] ?? Made()
                let what = "\(call) of \(name), outcome \(command.texts)"
                if made.isRepeated { found.append("\(made.times) calls for \(what)") }
                let hasSucceeded = command.outcome?["outcome"] as? String == "succeeded"
                if made.times == 0, isOver, hasSucceeded { found.append("No call for \(what)") }
            }
        }
        return found
    }
}
