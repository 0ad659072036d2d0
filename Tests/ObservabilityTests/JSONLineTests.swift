import Logging
import Testing

@testable import Observability

@Suite("A JSON line")
struct JSONLineTests {
    @Test("has its own keys first, then the metadata in order")
    func keys() {
        let recorded = RecordedLines()
        recorded.logger(.json).notice("Started", metadata: ["version": "1.0", "broker": "localhost"])
        #expect(
            recorded.lines == [
                #"{"time":"2026-11-24T13:40:01.123Z","level":"notice","component":"poll","message":"Started","broker":"localhost","version":"1.0"}"#
                    + "\n"
            ]
        )
    }

    @Test("does not let metadata take the place of its own keys", arguments: ["time", "level", "component", "message"])
    func collision(key: String) {
        let recorded = RecordedLines()
        recorded.logger(.json).info("Started", metadata: [key: "forged"])
        #expect(recorded.lines.first?.hasSuffix(#""message":"Started","metadata.\#(key)":"forged"}"# + "\n") == true)
    }
}
