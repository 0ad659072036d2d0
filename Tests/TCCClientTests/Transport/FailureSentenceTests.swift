import Basics
import HTTPTypes
import HeatingModel
import Logging
import Observability
import TestSupport
import Testing

@testable import TCCClient

@Suite("The cause of a failure, in words", .timeLimit(.minutes(1)))
struct FailureSentenceTests {
    private static let sentences: [(TransportFailure, String)] = [
        (.notSent(.nameUnknown), "The cloud cannot be reached: its name is not known (DNS)."),
        (.notSent(.refused), "The cloud cannot be reached: the connection was refused."),
        (.notSent(.noRoute), "The cloud cannot be reached: there is no route to it; check the network."),
        (.notSent(.timedOut), "The cloud cannot be reached: the connection timed out."),
        (.notSent(.certificateExpired), "The cloud cannot be reached: its certificate has expired."),
        (
            .notSent(.certificateNotValidYet),
            "The cloud cannot be reached: its certificate is not valid yet; is the clock right?"
        ),
        (.notSent(.certificateForAnotherHost), "The cloud cannot be reached: its certificate is for another host."),
        (
            .notSent(.certificateNotTrusted),
            "The cloud cannot be reached: its certificate is from an authority that is not trusted."
        ),
        (.notSent(.notTLS), "The cloud cannot be reached: the answer was not TLS; check address and port."),
        (.notSent(.handshakeFailed), "The cloud cannot be reached: the TLS handshake failed."),
        (.notSent(.closed), "The cloud cannot be reached: the connection was closed during the TLS handshake."),
        (.notSent(.proxyNeedsLogin), "The cloud cannot be reached: the proxy needs a user name and a password."),
        (.notSent(.proxyRefused), "The cloud cannot be reached: the proxy refused the connection."),
        (.notSent(.proxyUnreachable), "The cloud cannot be reached: the proxy cannot be reached."),
        (.notSent(.other), "The cloud cannot be reached: the connection failed."),
        (.timedOut, "The cloud did not answer in time."),
        (.cut, "The cloud closed the connection before its answer was complete."),
        (.tooLarge, "The cloud's answer was far too long."),
    ]

    @Test("Every problem with a connection has a sentence")
    func complete() {
        let problems = Self.sentences.compactMap { if case .notSent(let problem) = $0.0 { problem } else { nil } }
        #expect(Set(problems) == Set(ConnectionProblem.allCases))
    }

    @Test(
        "The sentence is the same for a call, a refresh and a login, during the pause and after a restart",
        arguments: sentences
    )
    func everywhere(failure: TransportFailure, sentence: String) async throws {
        #expect(await Calls([.failure(failure)]).statusFailure()?.sentence == sentence)
        let bench = TokenBench()
        for memory in [bench.memory(), bench.memory(refresh: nil)] {
            let (cloud, store) = (ScriptedCloud(), SharedStore(memory))
            cloud.answers([.failure(failure)])
            let provider = bench.provider(cloud, store)
            #expect(await bench.failure { try await provider.accessToken() }?.sentence == sentence)
            #expect(await bench.failure { try await provider.accessToken() }?.sentence == sentence)
            let restarted = bench.provider(cloud, store)
            #expect(await bench.failure { try await restarted.accessToken() }?.sentence == sentence)
            #expect(cloud.logins + cloud.refreshes == 1)
        }
        let (cloud, store) = (ScriptedCloud(), SharedStore(bench.memory()))
        cloud.answers([.failure(failure)])
        let provider = bench.provider(cloud, store)
        let login = await #expect(throws: LoginFailure.self) { try await provider.logIn() }
        #expect(login?.cause.sentence == sentence)
    }

    @Test("A web page instead of data says so, and perhaps whose it is", arguments: [200, 302, 407, 502])
    func page(status: Int) async throws {
        let page = Result<HTTPAnswer, TransportFailure>.answer(status, "<!DOCTYPE html><html>Sign in</html>")
        let sentence = await Calls([page]).statusFailure()?.sentence
        #expect(sentence?.hasPrefix("The cloud answered \(status) with a web page, perhaps a proxy's") == true)
        let (bench, cloud) = (TokenBench(), ScriptedCloud())
        cloud.answers([page])
        let provider = bench.provider(cloud, SharedStore(bench.memory()))
        let failure = await bench.failure { try await provider.accessToken() }
        #expect(
            failure?.sentence == "The cloud's login service answered \(status) with a web page, perhaps a proxy's."
        )
    }
}
