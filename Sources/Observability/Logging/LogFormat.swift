/// How a log line looks.
public enum LogFormat: String, CaseIterable, Sendable {
    /// For people: `2026-11-24T13:40:01.123Z info    poll  Read 12 zones location=2738909`.
    case text
    /// For programs: one JSON object a line, with the keys `time`, `level`, `component`, `message`, then the metadata.
    case json
}
