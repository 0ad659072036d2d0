import Basics
import HTTPTypes
import InMemoryLogging
import Logging
import Synchronization
import TCCClient
import TestSupport
import Testing

@Suite("Other addresses of the same cloud")
struct FallbackTransportTests {
    private static let addresses = [
        CloudAddress(scheme: "https", authority: "first.example"),
        CloudAddress(scheme: "https", authority: "second.example:444", prefix: "/tcc"),
        CloudAddress(scheme: "https", authority: "third.example"),
    ]
    private let clock = ManualClock()
    private let lines = InMemoryLogHandler()

    private var logger: Logger { Logger(label: "cloud", factory: { [lines] _ in lines }) }

    /// - Parameter hosts: What each host does; one that is not named answers 200.
    private func transports(
        _ hosts: [String: Result<HTTPAnswer, TransportFailure>]
    ) -> (FallbackTransport, ScriptedTransport) {
        let scripted = ScriptedTransport { (exchange, _) throws(TransportFailure) in
            let host = exchange.request.authority?.split(separator: ".").first.map(String.init) ?? ""
            return try (hosts[host] ?? .success(HTTPAnswer(status: 200))).get()
        }
        let transport = FallbackTransport(Self.addresses.map { ($0, scripted) }, clock: clock, logger: logger)
        return (transport, scripted)
    }

    private func send(_ transport: FallbackTransport) async -> Result<Int, TransportFailure> {
        let request = HTTPRequest(method: .post, scheme: "https", authority: "first.example", path: "/Auth/OAuth/Token")
        do throws(TransportFailure) {
            return .success(try await transport.send(request, body: nil, limit: 100).status)
        } catch {
            return .failure(error)
        }
    }

    private func hosts(_ scripted: ScriptedTransport) -> [String] {
        scripted.exchanges.map { $0.request.authority?.split(separator: ".").first.map(String.init) ?? "" }
    }

    @Test("The next address is tried when one cannot be reached, and then used")
    func next() async {
        let (transport, scripted) = transports(["first": .failure(.notSent(.nameUnknown))])
        #expect(transport.inUse == Self.addresses[0])
        #expect(await send(transport) == .success(200))
        #expect(transport.inUse == Self.addresses[1])
        #expect(scripted.exchanges.last?.request.path == "/tcc/Auth/OAuth/Token")
        #expect(await send(transport) == .success(200))
        #expect(hosts(scripted) == ["first", "second", "second"])
        clock.advance(by: .seconds(900))
        #expect(await send(transport) == .success(200))
        #expect(hosts(scripted).suffix(2) == ["first", "second"])
    }

    @Test(
        "Nothing is sent again after an answer, a timeout or a cut connection",
        arguments: [
            .success(HTTPAnswer(status: 400)), .success(HTTPAnswer(status: 503)), .success(HTTPAnswer(status: 429)),
            .failure(.timedOut), .failure(.cut), .failure(.tooLarge), .failure(.cancelled),
        ] as [Result<HTTPAnswer, TransportFailure>]
    )
    func once(outcome: Result<HTTPAnswer, TransportFailure>) async {
        let (transport, scripted) = transports(["first": outcome])
        #expect(await send(transport) == outcome.map(\.status))
        #expect(hosts(scripted) == ["first"])
        #expect(transport.inUse == Self.addresses[0])
    }

    @Test("When none can be reached, each is tried once and the first says why")
    func none() async {
        let (transport, scripted) = transports([
            "first": .failure(.notSent(.certificateExpired)), "second": .failure(.notSent(.refused)),
            "third": .failure(.notSent(.nameUnknown)),
        ])
        #expect(await send(transport) == .failure(.notSent(.certificateExpired)))
        #expect(hosts(scripted) == ["first", "second", "third"])
    }

    @Test("The first address is used again once it can be reached")
    func back() async {
        let down = SwitchedHost()
        let scripted = ScriptedTransport { (exchange, _) throws(TransportFailure) in
            if exchange.request.authority == "first.example", down.isDown { throw .notSent(.refused) }
            return HTTPAnswer(status: 200)
        }
        let transport = FallbackTransport(Self.addresses.prefix(2).map { ($0, scripted) }, clock: clock, logger: logger)
        _ = await send(transport)
        down.comesBack()
        clock.advance(by: .seconds(899))
        _ = await send(transport)
        #expect(transport.inUse == Self.addresses[1])
        clock.advance(by: .seconds(1))
        _ = await send(transport)
        #expect(transport.inUse == Self.addresses[0])
        #expect(
            lines.entries.map(\.message.description) == [
                "Using another address of the cloud",
                "The cloud can be reached at its first address again",
            ]
        )
    }
}

private final class SwitchedHost: Sendable {
    private let state = Mutex(true)

    var isDown: Bool { state.withLock { $0 } }

    func comesBack() { state.withLock { $0 = false } }
}
