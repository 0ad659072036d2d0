import Observability

/// What passes over the health socket: one line of text.
struct HealthAnswer: Equatable {
    /// Why the bridge is ill, in sentences; `nil` while it is healthy.
    let complaint: String?

    init(_ health: Health) {
        complaint = health.isHealthy ? nil : health.problems.joined(separator: " ")
    }

    /// - Returns: `nil` for what is no whole answer, as from a bridge that was cut off.
    init?(text: String) {
        guard let line = text.split(separator: "\n").first, text.hasSuffix("\n") else { return nil }
        complaint = line == Self.healthy ? nil : String(line)
    }

    var text: String { (complaint ?? Self.healthy) + "\n" }

    private static let healthy = "healthy"
}
