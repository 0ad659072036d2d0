import Synchronization

/// How many messages wait for the loop of commands. More than the limit are refused.
final class MessageLine: Sendable {
    private static let limit = 1024

    private let count = Mutex(0)

    /// - Returns: `false` if there is no room.
    func join() -> Bool {
        count.withLock { count in
            guard count < Self.limit else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
