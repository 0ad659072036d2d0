import Testing

@testable import Observability

@Suite("The time in a log line")
struct LogTimeTests {
    @Test(
        "is UTC with milliseconds",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, 7, "2000-02-29T00:00:00.007Z"),
            (1_795_527_601, 123, "2026-11-24T13:40:01.123Z"),
            (4_107_542_399, 999, "2100-02-28T23:59:59.999Z"),
            (253_402_300_799, 10, "9999-12-31T23:59:59.010Z"),
        ]
    )
    func formatting(seconds: Int, milliseconds: Int, expected: String) {
        #expect(LogTime(seconds: seconds, milliseconds: milliseconds).description == expected)
    }

    @Test("The current time is later than when this test was written")
    func now() {
        let now = LogTime.now()
        #expect(now.seconds > 1_760_000_000)
        #expect((0...999).contains(now.milliseconds))
    }
}
