import Testing

@testable import MosquittoClient

@Suite struct MQTTErrorTests {
    @Test(
        "Codes say what they mean",
        arguments: [
            (0, false, "the broker agreed"),
            (16, false, "the broker agreed"),
            (135, true, "the broker does not allow this"),
            (134, true, "the broker refused the user name or password"),
            (137, true, "the broker is busy"),
            (149, true, "the message is larger than the broker allows"),
            (200, true, "the broker refused with code 200"),
        ] as [(UInt8, Bool, String)]
    )
    func meaning(code: UInt8, isFailure: Bool, sentence: String) {
        let reason = MQTTReasonCode(rawValue: code)
        #expect(reason.isFailure == isFailure)
        #expect(reason.description == sentence)
    }

    @Test("A connection refused for lack of authorisation names the user name and password")
    func refusedConnection() {
        let failure = ConnectionFailure.refused(.notAuthorized)
        #expect(failure.description == "the broker refused the user name or password")
    }
}
