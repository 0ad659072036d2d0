import Testing

@testable import MosquittoClient

@Suite struct EventBacklogTests {
    func message(bytes: Int = 1) -> MQTTEvent {
        .message(MQTTMessage(topic: "t", payload: Array(repeating: 0, count: bytes)))
    }

    func drain(_ backlog: inout EventBacklog) -> [MQTTEvent] {
        var events: [MQTTEvent] = []
        while let event = backlog.popFirst() { events.append(event) }
        return events
    }

    @Test("Events come out as they went in")
    func order() {
        var backlog = EventBacklog()
        let events = [.disconnected(reason: "a"), message(), .disconnected(reason: "b"), message(bytes: 2)]
        for event in events { #expect(backlog.append(event) == true) }
        #expect(drain(&backlog) == events)
    }

    @Test("Messages have a limit of number, and fit again when some have been read")
    func number() {
        var backlog = EventBacklog()
        for _ in 0..<EventBacklog.messageLimit { #expect(backlog.append(message()) == true) }
        #expect(backlog.append(message()) == false)
        _ = backlog.popFirst()
        #expect(backlog.append(message()) == true)
    }

    @Test("Messages have a limit of size, and fit again when some have been read")
    func size() {
        var backlog = EventBacklog()
        let large = message(bytes: EventBacklog.byteLimit / 4)
        for _ in 0..<4 { #expect(backlog.append(large) == true) }
        #expect(backlog.append(message()) == false)
        _ = backlog.popFirst()
        #expect(backlog.append(large) == true)
    }

    @Test("What is no message is never refused: the oldest of its kind makes room, and no message does")
    func notices() {
        var backlog = EventBacklog()
        #expect(backlog.append(message()) == true)
        for number in 0...EventBacklog.noticeLimit {
            #expect(backlog.append(.disconnected(reason: "\(number)")) == true)
        }
        let events = drain(&backlog)
        #expect(events.count == EventBacklog.noticeLimit + 1)
        #expect(events.first == message())
        #expect(events.dropFirst().first == .disconnected(reason: "1"))
        #expect(events.last == .disconnected(reason: "\(EventBacklog.noticeLimit)"))
    }
}
