import Basics
import Foundation
import HeatingModel
import Observability
import Testing

@testable import TCCClient

@Suite("When API v1 is used, and what its answers mean")
struct SessionDecisionTests {
    private static let now = TokenCase.now
    private static let session = Session(id: Secret("open"), userID: "7", proved: now)

    /// What is remembered, in the words of the table.
    struct Situation: Sendable, CustomTestStringConvertible {
        var hasSession = false
        /// How long ago a login was sent.
        var lastLogin: Duration?
        /// When API v1 may be asked again, from now.
        var pauseOver: Duration?
        var hasPassword = true
        var loginsThisHour = 0
        var passwordIsRefused = false

        var testDescription: String {
            "session \(hasSession), login \(lastLogin as Any), pause \(pauseOver as Any), password \(hasPassword), "
                + "\(loginsThisHour) logins, refused \(passwordIsRefused)"
        }

        var credentials: Credentials? { hasPassword ? TokenCase.credentials : nil }

        var memory: TokenMemory {
            let now = SessionDecisionTests.now
            var memory = TokenMemory(salt: 7)
            for minute in 0..<loginsThisHour { memory.logins.succeeded(at: now - .seconds(60 * (50 - minute))) }
            if passwordIsRefused {
                memory.logins.began(with: TokenCase.credentials, at: now - .seconds(60))
                memory.logins.wasRefused(at: now - .seconds(60))
            }
            memory.sessions.session = hasSession ? SessionDecisionTests.session : nil
            memory.sessions.lastLogin = lastLogin.map { now - $0 }
            memory.sessions.pause = pauseOver.map {
                TokenPause(reason: .unreachable, began: now - .seconds(60), over: now + $0, failures: 2)
            }
            return memory
        }
    }

    enum Expected: Sendable { case use, logIn, leave(until: Duration?) }

    @Test(
        "What is remembered decides",
        arguments: [
            (Situation(), .logIn, .logIn),
            (Situation(hasSession: true), .use, .use),
            (Situation(hasSession: true, hasPassword: false), .use, .use),
            (Situation(hasPassword: false), .leave(until: nil), .leave(until: nil)),
            (
                Situation(hasSession: true, pauseOver: .seconds(30)), .leave(until: .seconds(30)),
                .leave(until: .seconds(30))
            ),
            (Situation(hasSession: true, pauseOver: .zero), .use, .use),
            (Situation(lastLogin: .seconds(3600)), .logIn, .logIn),
            (Situation(lastLogin: .seconds(3599)), .leave(until: .seconds(1)), .logIn),
            (Situation(lastLogin: .seconds(899)), .leave(until: .seconds(2701)), .leave(until: .seconds(1))),
            (Situation(lastLogin: .seconds(-86_400)), .logIn, .logIn),
            (Situation(loginsThisHour: 5), .logIn, .logIn),
            (Situation(loginsThisHour: 6), .leave(until: .seconds(600)), .leave(until: .seconds(600))),
            (Situation(hasSession: true, loginsThisHour: 6), .use, .use),
            (Situation(passwordIsRefused: true), .leave(until: .seconds(840)), .leave(until: .seconds(840))),
        ] as [(Situation, Expected, Expected)]
    )
    func decisions(situation: Situation, sparing: Expected, steady: Expected) {
        for (pace, expected) in [(SessionPace.sparing, sparing), (.steady, steady)] {
            let decision = situation.memory.sessionDecision(at: Self.now, with: situation.credentials, pace: pace)
            switch (expected, decision) {
            case (.use, .use(Self.session)), (.logIn, .logIn(TokenCase.credentials)): break
            case (.leave(let until), .leave(let failure)):
                #expect(failure.retryAt == until.map { Self.now + $0 }, "\(pace)")
            default: Issue.record("\(pace): \(decision)")
            }
        }
    }

    @Test("A pause of the token endpoint holds logins of API v1, and not the other way round")
    func pauses() {
        var memory = TokenMemory(salt: 7)
        let pause = TokenPause(reason: .rateLimited, began: Self.now, over: Self.now + .seconds(600), failures: 1)
        memory.pause = pause
        let decision = memory.sessionDecision(at: Self.now, with: TokenCase.credentials, pace: .steady)
        #expect(decision == .leave(CloudFailure(.wait(until: pause.over, reason: .rateLimited))))
        memory.pause = nil
        memory.sessions.pause = pause
        #expect(memory.decision(at: Self.now, with: TokenCase.credentials) == .attempt(.logIn(TokenCase.credentials)))
    }

    @Test(
        "An answer to a login leaves a session or a failure, and the budget knows what it cost",
        arguments: [
            (.granted(session), counted: true, isRefused: false), (.refused, counted: false, isRefused: true),
            (.unanswered(CloudFailure(.unreachable, "Late.")), counted: true, isRefused: false),
            (.unregarded(CloudFailure(.rateLimited, "Limited.")), counted: false, isRefused: false),
        ] as [(SessionAnswer, counted: Bool, isRefused: Bool)]
    )
    func answers(answer: SessionAnswer, counted: Bool, isRefused: Bool) {
        var memory = Situation(loginsThisHour: 2).memory
        memory.beganSessionLogin(at: Self.now)
        #expect(memory.logins.logins.count == 3)
        let later = Self.now + .seconds(20)
        memory.record(answer, to: TokenCase.credentials, at: later)
        #expect(memory.logins.logins.count == (counted ? 3 : 2))
        #expect((memory.logins.hold(on: TokenCase.credentials, at: later) != nil) == isRefused)
        if case .granted = answer {
            #expect(memory.sessions.session == Self.session)
            #expect(memory.sessions.pause == nil)
        } else {
            #expect(memory.sessions.session == nil)
            #expect(memory.sessions.pause?.failures == 1)
        }
    }

    @Test("The first failure waits for the next poll, the second for a quarter of an hour, all others for a day")
    func failures() {
        var (sessions, time) = (SessionMemory(), Self.now)
        for rest in [0, 900, 86_400, 86_400] {
            sessions.failed(.unreachable, at: time)
            #expect(sessions.pause?.over == time + .seconds(rest))
            time = time + .seconds(rest)
        }
        sessions.succeeded()
        sessions.failed(.rateLimited, retryAt: time + .seconds(70), at: time)
        #expect(sessions.pause?.over == time + .seconds(70))
    }

    @Test(
        "A session that ends within an hour of its login is given up by a sparing pace only",
        arguments: [(SessionPace.sparing, 3599, 86_400), (.sparing, 3600, 0), (.steady, 900, 0)]
    )
    func ended(pace: SessionPace, age: Int, rest: Int) {
        var sessions = SessionMemory()
        sessions.session = Self.session
        sessions.lastLogin = Self.now - .seconds(age)
        sessions.ended(Self.session, pace: pace, at: Self.now)
        #expect(sessions.session == nil)
        #expect(sessions.pause?.over == Self.now + .seconds(rest))
    }

    @Test("The end of a session that another process has replaced changes nothing")
    func replaced() {
        var sessions = SessionMemory()
        sessions.session = Session(id: Secret("newer"), userID: "7", proved: Self.now)
        let before = sessions
        sessions.ended(Self.session, pace: .sparing, at: Self.now)
        #expect(sessions == before)
    }

    @Test("A damaged part does not spoil the others")
    func damage() throws {
        let json = #"{"refresh":{"value":"r"},"sessions":{"session":{"id":"x"},"lastLogin":7,"pause":{}}}"#
        let memory = try JSONDecoder().decode(TokenMemory.self, from: Data(json.utf8))
        #expect(memory.refresh?.value == Secret("r"))
        #expect(memory.sessions == SessionMemory())
    }
}
