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

    @Test("The number of messages is limited, and there is room again once some have been read")
    func number() {
        var backlog = EventBacklog()
        for _ in 0..<EventBacklog.messageLimit { #expect(backlog.append(message()) == true) }
        #expect(backlog.append(message()) == false)
        _ = backlog.popFirst()
        #expect(backlog.append(message()) == true)
    }

    @Test("The size of all messages is limited, and there is room again once some have been read")
    func size() {
        var backlog = EventBacklog()
        let large = message(bytes: EventBacklog.byteLimit / 4)
        for _ in 0..<4 { #expect(backlog.append(large) == true) }
        #expect(backlog.append(message()) == false)
        _ = backlog.popFirst()
        #expect(backlog.append(large) == true)
    }

    @Test("An event that is not a message is never refused: the oldest such event makes room, never a message")
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
