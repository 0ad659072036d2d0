public import Foundation

/// One request that the simulator received.
public struct RecordedRequest: Sendable, Hashable {
    /// In capitals.
    public let method: String
    /// Without the query.
    public let path: String
    /// Without the question mark; empty where there is none.
    public let query: String
    /// The `grant_type` of a token request.
    public let grantType: String?
    /// The first 4 KiB of the body; that of a token request or a login is left out, since it holds secrets.
    public let body: String
    /// When its head was read, on the machine's wall clock.
    public let receivedAt: Date
    /// The same on the monotonic clock, for measuring.
    public let receivedInstant: ContinuousClock.Instant
    /// The status that it was answered with; nil while it waits, and when no answer was sent.
    public internal(set) var status: Int?
}

/// The last requests, oldest first. It is bounded, so that a simulator can run for weeks.
struct RequestLog: Sendable {
    private static let capacity = 20_000

    private var entries: [RecordedRequest] = []
    private var dropped = 0

    /// - Returns: a number to complete the entry by.
    mutating func add(_ request: RecordedRequest) -> Int {
        if entries.count >= Self.capacity * 2 {
            entries.removeFirst(Self.capacity)
            dropped += Self.capacity
        }
        entries.append(request)
        return dropped + entries.count - 1
    }

    mutating func complete(_ number: Int, status: Int) {
        let index = number - dropped
        guard entries.indices.contains(index) else { return }
        entries[index].status = status
    }

    mutating func clear() {
        dropped += entries.count
        entries = []
    }

    func entries(_ matcher: RequestMatcher) -> [RecordedRequest] {
        entries.filter { entry in
            matcher.matches(
                method: entry.method,
                target: entry.query.isEmpty ? entry.path : "\(entry.path)?\(entry.query)",
                grantType: entry.grantType
            )
        }
    }
}
