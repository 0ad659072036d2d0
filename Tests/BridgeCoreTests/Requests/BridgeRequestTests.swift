import BridgeCore
import Testing

@Suite("Requests to the bridge")
struct BridgeRequestTests {
    @Test("A poll interval is a duration with a unit", arguments: [("180s", 180), ("3m", 180), ("PT3M", 180)])
    func pollInterval(text: String, seconds: Int) throws {
        let request = try BridgeRequest(name: "poll_interval", ["value": .string(text)])
        #expect(request == .pollInterval(.seconds(seconds)))
    }

    @Test("One without a unit is refused with a sentence that says so")
    func bareNumber() throws {
        let refusal = try #require(throws: Refusal.self) {
            try BridgeRequest(name: "poll_interval", ["value": .string("180")])
        }
        #expect(refusal.message == "'180' has no unit; write 45s, 90m, 1h30m or 3d.")
    }
}
