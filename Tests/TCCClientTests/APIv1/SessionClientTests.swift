import Basics
import HTTPTypes
import HeatingModel
import Logging
import Observability
import TCCClient
import TestSupport
import Testing

@Suite("Temperatures from API v1", .timeLimit(.minutes(1)))
struct SessionClientTests {
    @Test("A login and a reading; sensors that measure nothing are left out, and a bad device does not hide the others")
    func reading() async throws {
        let cloud = CloudV1()
        #expect(try await cloud.client().temperatures() == ["4": 19.47, "11": 48.2])
        let (login, reading) = (cloud.transport.exchanges[0], cloud.transport.exchanges[1])
        #expect(login.request.path == "/WebAPI/api/Session")
        #expect(login.body.contains(#""password":"open sesame""#))
        #expect(reading.request.path == "/WebAPI/api/locations?userId=2263181&allData=True")
        #expect(HTTPField.Name("sessionId").flatMap { reading.request.headerFields[$0] } == "session1")
    }

    @Test("What is not understood of API v1 is counted by its path, too")
    func surprises() async throws {
        let cloud = CloudV1()
        let body = """
            [{"devices":[{"deviceID":1,"thermostat":{"units":"Kelvin","indoorTemperature":"warm",\
            "indoorTemperatureStatus":"Guessed"}},{"gatewayId":2}]}]
            """
        cloud.answers("locations", [.answer(200, body)])
        _ = try await cloud.client().temperatures()
        let thermostat = "locations[].devices[].thermostat"
        #expect(
            cloud.notUnderstood.counts == [
                "\(thermostat).units=Kelvin": 1, "\(thermostat).indoorTemperature": 1,
                "\(thermostat).indoorTemperatureStatus=Guessed": 1, "locations[].devices[].deviceID": 1,
            ]
        )
    }

    @Test("The session is kept: neither another reading nor another process logs in again")
    func kept() async throws {
        let cloud = CloudV1()
        let client = cloud.client()
        _ = try await client.temperatures()
        _ = try await client.temperatures()
        _ = try await cloud.client(password: false).temperatures()
        #expect(cloud.log == ["Session", "locations", "locations", "locations"])
        #expect(cloud.store.stored?.logins.logins.count == 1)
    }

    @Test("A reading touches the store only when there is something to write")
    func quiet() async throws {
        let cloud = CloudV1()
        let client = cloud.client()
        _ = try await client.temperatures()
        let openings = cloud.store.openings
        for _ in 0..<10 { _ = try await client.temperatures() }
        #expect(cloud.store.openings == openings)
    }

    @Test("A session that was not confirmed for a quarter of an hour is checked before it is used")
    func doubtful() async throws {
        let cloud = CloudV1()
        let client = cloud.client()
        for _ in 0..<8 {
            _ = try await client.temperatures()
            cloud.clock.advance(by: .seconds(300))
        }
        #expect(cloud.log.count { $0 == "accountInfo" } == 2)
        #expect(cloud.logins == 1)
        // It has ended, and the list of locations would not say so.
        cloud.endSessions()
        cloud.answers("locations", [.locations])
        cloud.clock.advance(by: .seconds(3600))
        #expect(try await client.temperatures() == ["4": 19.47, "11": 48.2])
        #expect(cloud.log.suffix(3) == ["accountInfo", "Session", "locations"])
    }

    @Test("A session that has ended is followed by another if the pace allows it", arguments: SessionPace.allCases)
    func ended(pace: SessionPace) async throws {
        let cloud = CloudV1()
        let client = cloud.client(pace: pace)
        for _ in 0..<24 {
            cloud.endSessions()
            _ = try? await client.temperatures()
            cloud.clock.advance(by: .seconds(3600))
        }
        #expect(cloud.logins == 24)
        for _ in 0..<40 {
            cloud.endSessions()
            _ = try? await client.temperatures()
            cloud.clock.advance(by: .seconds(600))
        }
        // Sparing: it is given up with the first that does not last an hour.
        #expect(cloud.logins - 24 == (pace == .sparing ? 1 : 20))
    }

    @Test("A session that another process has opened is used instead of one of our own")
    func shared() async throws {
        let cloud = CloudV1()
        let (first, second) = (cloud.client(pace: .steady), cloud.client(pace: .steady))
        _ = try await first.temperatures()
        _ = try await second.temperatures()
        cloud.endSessions()
        cloud.clock.advance(by: .seconds(1800))
        _ = try await first.temperatures()
        _ = try await second.temperatures()
        #expect(cloud.logins == 2)
    }

    @Test(
        "Whatever fails is tried three times and then left alone for a day",
        arguments: [
            (.answer(500, #"{"message":"An error has occurred."}"#), .unreachable),
            (.answer(502, "<html></html>"), .unreachable), (.answer(200, "<html></html>"), .unreachable),
            (.answer(200, #"[{"locationID":1,"devi"#), .unreachable), (.answer(404, "<!DOCTYPE html>"), .refused),
            (.answer(429, #"[{"code":"TooManyRequests"}]"#), .rateLimited), (.failure(.timedOut), .unreachable),
            (.failure(.cut), .unreachable), (.failure(.notSent(.refused)), .unreachable),
            (.failure(.tooLarge), .unreachable),
        ] as [(CloudV1.Answer, CloudFailure.Kind)]
    )
    func failing(answer: CloudV1.Answer, kind: CloudFailure.Kind) async throws {
        let cloud = CloudV1()
        let client = cloud.client()
        _ = try await client.temperatures()
        cloud.answers("locations", Array(repeating: answer, count: 4))
        #expect(await failure(client)?.kind == kind)
        for _ in 0..<200 {
            _ = await failure(client)
            cloud.clock.advance(by: .seconds(180))
        }
        #expect(cloud.log.count { $0 == "locations" } == 4)
        cloud.clock.advance(by: .seconds(86_400))
        #expect(await failure(client) != nil)
        cloud.clock.advance(by: .seconds(86_400))
        #expect(await failure(client) == nil)
        #expect(cloud.store.stored?.sessions.pause == nil)
        #expect(cloud.logins == 1)
    }

    @Test(
        "A login that fails is tried no more than three times, and no other login suffers",
        arguments: [
            (.answer(500, ""), counted: 0), (.answer(401, "<html></html>"), counted: 0), (.answer(429, ""), counted: 0),
            (.failure(.notSent(.refused)), counted: 0), (.failure(.timedOut), counted: 1),
            (.answer(200, "<html>"), counted: 1),
        ] as [(CloudV1.Answer, counted: Int)]
    )
    func failingLogin(answer: CloudV1.Answer, counted: Int) async throws {
        let cloud = CloudV1()
        let client = cloud.client()
        cloud.answers("Session", Array(repeating: answer, count: 9))
        for _ in 0..<19 {
            #expect(await failure(client) != nil)
            cloud.clock.advance(by: .seconds(180))
        }
        #expect(cloud.logins == (counted == 0 ? 3 : 1))
        #expect(cloud.store.stored?.logins.logins.count == counted)
        #expect(cloud.store.stored?.logins.hold(on: TokenCase.credentials, at: cloud.clock.now) == nil)
        #expect(cloud.store.stored?.pause == nil)
    }

    @Test("A refused password holds logins of both APIs")
    func refused() async throws {
        let cloud = CloudV1()
        cloud.answers("Session", [.wrongPassword])
        let client = cloud.client(pace: .steady)
        #expect(await failure(client)?.kind == .unauthorised)
        #expect(await failure(client)?.retryAt == cloud.clock.now + .seconds(900))
        #expect(cloud.logins == 1)
        #expect((client.counts.logins, client.counts.refusals) == (1, 1))
        let hold = cloud.store.stored?.logins.hold(on: TokenCase.credentials, at: cloud.clock.now)
        #expect(hold?.reason == .passwordRefused)
    }

    @Test("A login is on disk before it is sent, and what cannot be written is not sent")
    func writtenFirst() async throws {
        let cloud = CloudV1()
        cloud.store.fails(toWrite: TokenBench.broken)
        #expect(await failure(cloud.client())?.kind == .storage)
        cloud.store.fails(toOpen: TokenBench.broken)
        #expect(await failure(cloud.client())?.kind == .storage)
        #expect(cloud.log.isEmpty)
        cloud.store.fails()
        _ = try await cloud.client().temperatures()
        #expect(cloud.store.writes.first?.logins.logins.count == 1)
        #expect(cloud.store.writes.first?.sessions.session == nil)
    }

    @Test("Without a password nothing is sent")
    func noPassword() async {
        let cloud = CloudV1()
        #expect(await failure(cloud.client(password: false))?.kind == .unauthorised)
        #expect(cloud.log.isEmpty)
    }

    @Test("Nobody waits for the store while API v1 hangs")
    func hanging() async throws {
        let store = SharedStore()
        let (hangs, isHanging) = AsyncStream.makeStream(of: Void.self)
        let transport = ScriptedTransport { (_, _) throws(TransportFailure) in
            isHanging.yield()
            try? await Task.sleep(for: .seconds(3600))
            throw .cancelled
        }
        let client = SessionClient(
            cloud: .vendor,
            transport: transport,
            store: store,
            remembered: nil,
            credentials: TokenCase.credentials,
            pace: .sparing,
            notUnderstood: CloudV1().notUnderstood,
            clock: ManualClock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let reading = Task { await failure(client) }
        for await _ in hangs { break }
        #expect(try await store.exclusively { stored, _ in stored?.logins.logins.count } == 1)
        reading.cancel()
        #expect(await reading.value?.kind == .cancelled)
    }

    private func failure(_ client: SessionClient) async -> CloudFailure? {
        do throws(CloudFailure) {
            _ = try await client.temperatures()
            return nil
        } catch {
            return error
        }
    }
}
