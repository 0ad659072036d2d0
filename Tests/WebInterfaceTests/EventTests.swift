import Testing

@testable import WebInterface

@Suite("Server-sent events as text")
struct EventTests {
    @Test("An event has its kind, its id and its data")
    func text() {
        #expect(EventText.event("event", id: "a-7", data: "{}") == "id: a-7\nevent: event\ndata: {}\n\n")
        #expect(
            EventText.state((topic: "a\"b", json: "21.5"))
                == "event: state\ndata: {\"topic\":\"a\\\"b\",\"payload\":21.5}\n\n"
        )
    }

    @Test("Line breaks in data cannot begin another event", arguments: ["\n", "\r", "\r\n", "\n\n"])
    func lineBreaks(lineBreak: String) {
        let text = EventText.event("log", data: "a\(lineBreak)event: state")
        #expect(text.hasSuffix("data: event: state\n\n"))
        #expect(!text.contains("\r"))
        #expect(text.firstRange(of: "\n\n")?.upperBound == text.endIndex)
    }

    @Test(
        "A number of this run is gone on from; of another, everything is sent again; without one, only what is new",
        arguments: [
            ("run-7", 7), ("run-0", 0), ("other-7", 0), ("7", 0), ("0", 0), ("run-", 0), ("run--7", 0), ("run-x", 0),
            ("", nil), (nil, nil),
        ] as [(String?, Int?)]
    )
    func lastID(text: String?, last: Int?) {
        #expect(EventID.last(in: text, run: "run") == last)
    }

    @Test("What waits for a client is bounded, and the newest is kept")
    func bound() {
        let inbox = EventInbox()
        for number in 1...1_000 {
            inbox.add(NumberedEvent(number: number, payload: "{}"))
            inbox.add(line: "\(number)")
            inbox.stateChanged()
        }
        let contents = inbox.take()
        #expect(contents.events.map(\.number) == Array(745...1_000))
        #expect(contents.lines.last == "1000")
        #expect(contents.lines.count == EventInbox.maximumLines)
        #expect(contents.lostLines == 1_000 - EventInbox.maximumLines)
        #expect(contents.hasChangedState)
        #expect(inbox.take() == EventInbox.Contents())
    }

    @Test("A reader that was away finds one signal, and an end when it is closed")
    func signals() async {
        let inbox = EventInbox()
        for _ in 1...10 { inbox.pulse() }
        inbox.close()
        var count = 0
        for await _ in inbox.signals { count += 1 }
        #expect(count == 1)
    }
}
