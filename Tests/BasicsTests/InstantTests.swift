import Basics
import Foundation
import TestBasics
import Testing

struct InstantTests {
    private let evening: Instant = "2026-11-24T18:00:00Z"

    @Test("Durations are added and taken away, over the ends of days and years")
    func arithmetic() {
        #expect(self.evening + .seconds(6 * 3600) == "2026-11-25T00:00:00Z")
        #expect(self.evening - .seconds(366 * 86400) == "2025-11-23T18:00:00Z")
        #expect(self.evening + .seconds(-1) == self.evening - .seconds(1))
        #expect(self.evening.advanced(by: .milliseconds(1)) - self.evening == .milliseconds(1))
        #expect("2026-11-24T18:00:00Z" - ("2026-11-25T00:00:00Z" as Instant) == .seconds(-6 * 3600))
        #expect(self.evening < self.evening + .milliseconds(1))
    }

    @Test("What is finer than a millisecond is rounded down, also below zero")
    func roundsDown() {
        #expect(self.evening + .microseconds(1999) == self.evening + .milliseconds(1))
        #expect(self.evening + .microseconds(-1) == self.evening + .milliseconds(-1))
        #expect(self.evening + .microseconds(-1000) == self.evening + .milliseconds(-1))
    }

    @Test("Arithmetic stops at the first and the last instant, and never traps")
    func saturates() {
        #expect(self.evening + .seconds(Int64.max) == .latest)
        #expect(self.evening - .seconds(Int64.max) == .earliest)
        #expect(self.evening + .seconds(Int64.min) == .earliest)
        #expect(Instant(millisecondsSince1970: .max) == .latest)
        #expect(Instant(millisecondsSince1970: .min) == .earliest)
        #expect(Instant.latest + .milliseconds(1) == .latest)
        #expect(Instant.earliest.description == "0001-01-01T00:00:00Z")
        #expect(Instant.latest.description == "9999-12-31T23:59:59.999Z")
    }

    @Test("A Foundation date becomes the instant, rounded down, however far away it is")
    func fromDate() {
        #expect(Instant(Date(timeIntervalSince1970: 1_795_543_200.1239)) == "2026-11-24T18:00:00.123Z")
        #expect(Instant(Date(timeIntervalSince1970: -0.0001)) == "1969-12-31T23:59:59.999Z")
        #expect(Instant(.distantFuture) == "4001-01-01T00:00:00Z")
        #expect(Instant(Date(timeIntervalSince1970: 1e300)) == .latest)
        #expect(Instant(Date(timeIntervalSince1970: -.infinity)) == .earliest)
    }
}
