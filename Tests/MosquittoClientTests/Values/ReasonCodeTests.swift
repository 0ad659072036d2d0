import Testing

@testable import MosquittoClient

@Suite struct ReasonCodeTests {
    @Test(
        "Codes say what they mean",
        arguments: [
            (0, false, false, "the broker agreed"),
            (16, false, false, "the broker agreed"),
            (135, true, false, "the broker does not allow this"),
            (134, true, false, "the broker refused the user name or password"),
            (137, true, true, "the broker is busy"),
            (149, true, false, "the message is larger than the broker allows"),
            (200, true, false, "the broker refused with code 200"),
        ] as [(UInt8, Bool, Bool, String)]
    )
    func meaning(code: UInt8, isFailure: Bool, isRetriable: Bool, sentence: String) {
        let reason = MQTTReasonCode(rawValue: code)
        #expect(reason.isFailure == isFailure)
        #expect(reason.isRetriable == isRetriable)
        #expect(reason.description == sentence)
    }

    @Test(
        "An error says whether trying again can help",
        arguments: [
            (MQTTError.notConnected, true), (.connectionLost, true), (.refused(.serverBusy), true),
            (.refused(.notAuthorized), false), (.invalidMessage(""), false), (.closed, false), (.cancelled, false),
        ]
    )
    func isRetriable(error: MQTTError, expected: Bool) {
        #expect(error.isRetriable == expected)
    }

    @Test("A connection refused for lack of authorisation names the user name and password")
    func refusedConnection() {
        let failure = ConnectionFailure.refused(.notAuthorized)
        #expect(failure.description == "the broker refused the user name or password")
    }
}
