public import Foundation

/// One request that the simulator received.
public struct RecordedRequest: Sendable, Hashable {
    /// In capitals.
    public let method: String
    /// Without the query.
    public let path: String
    /// Without the question mark; empty if there is none.
    public let query: String
    /// The `grant_type` of a token request.
    public let grantType: String?
    /// The first 4 KiB of the body. Left out for token requests and logins, which hold secrets.
    public let body: String
    /// When its head was read, on the wall clock of this machine.
    public let receivedAt: Date
    /// The same on the monotonic clock, for measurements.
    public let receivedInstant: ContinuousClock.Instant
    /// The status of the response; `nil` while the request waits, and if no response was sent.
    public internal(set) var status: Int?
}

/// Selects requests: those that a fault applies to, or entries of the log.
public struct RequestMatcher: Sendable, Hashable {
    /// An HTTP method in any case; `nil` for any.
    public var method: String?
    /// A part of path and query, in any case; `nil` for any.
    public var path: String?
    /// The `grant_type` of a token request; `nil` for any request.
    public var grantType: String?

    /// - Parameters:
    ///   - method: Such as `PUT`; `nil` for any.
    ///   - path: Such as `/status`; `nil` for any.
    ///   - grantType: `password` or `refresh_token`; `nil` for any request.
    public init(method: String? = nil, path: String? = nil, grantType: String? = nil) {
        (self.method, self.path, self.grantType) = (method, path, grantType)
    }

    /// Every request.
    public static let any = RequestMatcher()
    /// Requests to the token endpoint.
    public static let tokens = RequestMatcher(path: "/Auth/OAuth/Token")

    func matches(_ request: RecordedRequest) -> Bool {
        let target = request.query.isEmpty ? request.path : "\(request.path)?\(request.query)"
        if let method, method.uppercased() != request.method { return false }
        if let grantType, grantType != request.grantType { return false }
        if let path, !target.lowercased().contains(path.lowercased()) { return false }
        return true
    }
}

/// The most recent requests, oldest first. Its size is limited, so that a simulator can run for weeks.
struct RequestLog: Sendable {
    private static let capacity = 20_000

    private var entries: [RecordedRequest] = []
    private var dropped = 0

    /// - Returns: A number to complete the entry with.
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
        entries.filter(matcher.matches)
    }
}
