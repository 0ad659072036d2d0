import BridgeCore
import Synchronization

/// Callers in this process who wait for the outcomes of their messages. Such a message carries correlation data that
/// nobody else can guess, by which its outcome is found.
final class OutcomeListeners: Sendable {
    /// How a command ended, and the payload of `…/result`.
    typealias Ending = (kind: Outcome.Kind, json: JSONValue)

    private let waiting = Mutex<[[UInt8]: Promise<Ending?>]>([:])

    /// Sends a message and waits for its outcome.
    ///
    /// - Parameter send: Gets the message's correlation data.
    /// - Returns: `nil` if the caller is cancelled; the command goes on.
    func outcome(ofMessage send: (_ correlationData: [UInt8]) async -> Void) async -> Ending? {
        let correlationData = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        let promise = Promise<Ending?>(ifCancelled: nil)
        waiting.withLock { $0[correlationData] = promise }
        defer { waiting.withLock { $0[correlationData] = nil } }
        await send(correlationData)
        return await promise.value()
    }

    /// A command has ended.
    func ended(_ kind: Outcome.Kind, _ json: JSONValue, for sender: Command.Sender) {
        guard let correlationData = sender.correlationData else { return }
        waiting.withLock { $0[correlationData] }?.keep((kind, json))
    }
}
