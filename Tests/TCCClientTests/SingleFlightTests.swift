import Testing

@testable import TCCClient

@Suite("A single flight")
struct SingleFlightTests {
    /// A flight, and in words what it said to each input.
    private struct Log: ~Copyable {
        var flight = SingleFlight<String>()
        var lines: [String] = []

        mutating func join(_ name: String, ticket: Int) { lines.append("\(flight.join(name, ticket: ticket))") }
        mutating func attend(_ name: String, ticket: Int) { lines.append("\(flight.attend(name, ticket: ticket))") }
        mutating func leave(_ ticket: Int) { lines.append(flight.leave(ticket: ticket) ?? "nobody") }
        mutating func begin() { lines.append("\(flight.begin())") }
        mutating func land() { lines.append("landed " + flight.land().joined()) }
        mutating func isFlying() { lines.append(flight.isFlying ? "flying" : "idle") }
    }

    @Test("Idle: nobody can attend or leave, nothing lands, and the first to join starts")
    func idle() {
        var log = Log()
        log.isFlying()
        log.attend("a", ticket: 1)
        log.isFlying()
        log.leave(1)
        log.land()
        log.join("a", ticket: 2)
        log.isFlying()
        let lines = log.lines
        #expect(lines == ["idle", "false", "idle", "nobody", "landed ", "start", "flying"])
    }

    @Test("Flying: others wait, leave singly, and all who are left land in order")
    func flying() {
        var log = Log()
        log.join("b", ticket: 2)
        log.join("a", ticket: 1)
        log.join("c", ticket: 3)
        log.attend("d", ticket: 4)
        log.begin()
        log.leave(3)
        log.leave(3)
        log.isFlying()
        log.land()
        log.isFlying()
        log.land()
        let lines = log.lines
        #expect(
            lines == [
                "start", "wait", "wait", "true", "false", "c", "nobody", "flying", "landed abd", "idle", "landed ",
            ]
        )
    }

    @Test("The work goes on when everyone has left, and without callers")
    func alone() {
        var log = Log()
        log.join("a", ticket: 1)
        log.leave(1)
        log.join("b", ticket: 2)
        log.land()
        log.begin()
        log.join("c", ticket: 3)
        log.land()
        let lines = log.lines
        #expect(lines == ["start", "a", "wait", "landed b", "true", "wait", "landed c"])
    }

    @Test("No ticket is given twice")
    func tickets() {
        var flight = SingleFlight<String>()
        let tickets = [flight.ticket(), flight.ticket(), flight.ticket()]
        #expect(Set(tickets).count == 3)
    }
}
