import Basics
public import Testing

/// Waits until a condition holds, looking every 5 ms; fails the test at the caller's line when it does not in time.
public func eventually(
    timeout: Duration = .seconds(15),
    _ what: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + timeout
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, what ?? "not in time", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(5))
    }
}
