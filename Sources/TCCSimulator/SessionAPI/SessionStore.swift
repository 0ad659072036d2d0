import Foundation

/// The sessions of the older API, good for a quarter of an hour after their last use.
struct SessionStore: Sendable {
    private static let lifetime: TimeInterval = 900

    private var sessions: [String: Date] = [:]

    /// A new session's id.
    mutating func open(at now: Date) -> String {
        sessions = sessions.filter { $0.value > now }
        let id = UUID().uuidString
        sessions[id] = now.addingTimeInterval(Self.lifetime)
        return id
    }

    /// Prolongs a session; false for one that is over or was never there.
    mutating func use(_ id: String, at now: Date) -> Bool {
        guard let expiry = sessions[id.uppercased()], expiry > now else { return false }
        sessions[id.uppercased()] = now.addingTimeInterval(Self.lifetime)
        return true
    }

    mutating func close(_ id: String) { sessions[id.uppercased()] = nil }

    mutating func closeAll() { sessions = [:] }
}
