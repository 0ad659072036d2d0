import Basics
import HeatingModel
import Testing

/// The moment that a text names; a test that misspells one fails.
func moment(_ text: String) throws -> Instant {
    try #require(Instant(text))
}
