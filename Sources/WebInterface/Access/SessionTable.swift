import Basics

/// The sessions that are open, by token. They live as long as the process.
struct SessionTable {
    /// From the sign-in.
    static let longestLife = Duration.seconds(30 * 86_400)
    /// Without a request.
    static let longestPause = Duration.seconds(7 * 86_400)
    static let maximumCount = 64

    private struct Session {
        var opened: Uptime
        var used: Uptime

        func isOver(at now: Uptime) -> Bool {
            opened.duration(to: now) >= longestLife || used.duration(to: now) >= longestPause
        }
    }

    private var sessions: [String: Session] = [:]

    var count: Int { sessions.count }

    /// When there are too many, the one that was unused for longest ends.
    mutating func open(_ token: String, at now: Uptime) {
        sessions = sessions.filter { !$0.value.isOver(at: now) }
        if sessions.count >= Self.maximumCount, let idlest = sessions.min(by: { $0.value.used < $1.value.used }) {
            sessions[idlest.key] = nil
        }
        sessions[token] = Session(opened: now, used: now)
    }

    /// - Returns: Whether the session is open; then it counts as used.
    mutating func use(_ token: String, at now: Uptime) -> Bool {
        guard let session = sessions[token] else { return false }
        guard !session.isOver(at: now) else {
            sessions[token] = nil
            return false
        }
        sessions[token]?.used = now
        return true
    }

    mutating func close(_ token: String) {
        sessions[token] = nil
    }
}
