import Basics
import TestBasics
import Testing

@testable import MosquittoClient

/// A broker that closes the connection for some messages and says nothing, played against the machine.
@Suite struct UnwelcomeMessagesTests {
    static let small = (0..<40).map { MessageTrait(topic: "small/\($0)", size: 100 + $0) }
    static let large = (0..<6).map { MessageTrait(topic: "large/\($0)", size: 5000 + $0) }

    @Test("Messages that are too large are found, one loss after another, and nobody else is blamed", arguments: 0..<8)
    func tooLarge(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let messages = (Self.small + Self.large).shuffled(using: &generator)
        var play = Play(messages) { $0.size > 4000 }
        play.run()
        #expect(play.isSettled)
        #expect(play.losses <= 1 + 2 * Self.large.count)
        #expect(play.delivered == Set(Self.small))
        #expect(play.retries.count(where: \.suspectsRival) == 0)
        #expect(play.retries.count(where: \.beginsOutage) == 1)
    }

    @Test("A small message that is not welcome is left out alone, at any size")
    func topic() {
        var play = Play(Self.small + Self.large) { $0.topic == "small/20" }
        play.run()
        #expect(play.losses == 3)
        #expect(play.delivered.count == Self.small.count + Self.large.count - 1)
        let unwelcome = play.machine.unwelcome
        #expect(unwelcome.reason(against: MessageTrait(topic: "small/20", size: 10)) == .implementationSpecificError)
        #expect(unwelcome.reason(against: MessageTrait(topic: "small/21", size: 10)) == nil)
    }

    @Test("The same topic with a payload that fits is sent again")
    func smaller() {
        var play = Play(Self.small + Self.large.prefix(1)) { $0.size > 4000 }
        play.run()
        let unwelcome = play.machine.unwelcome
        #expect(unwelcome.reason(against: MessageTrait(topic: "large/0", size: 5000)) == .packetTooLarge)
        #expect(unwelcome.reason(against: MessageTrait(topic: "large/0", size: 3000)) == nil)
    }

    @Test("A larger message that is acknowledged shows that it was not the size")
    func notTheSize() {
        var unwelcome = UnwelcomeMessages()
        for topic in ["a", "b"] {
            let message = MessageTrait(topic: topic, size: 500)
            for _ in 1...3 { _ = unwelcome.lost([message], mayBeToBlame: true) }
        }
        let third = MessageTrait(topic: "c", size: 600)
        #expect(unwelcome.reason(against: third) == .packetTooLarge)
        unwelcome.acknowledged(third)
        #expect(unwelcome.reason(against: third) == nil)
        #expect(unwelcome.reason(against: MessageTrait(topic: "a", size: 500)) != nil)
    }

    @Test(
        "What says nothing about a message blames none",
        arguments: [
            ConnectionFailure.silent, .unacknowledged, .dismissed(.sessionTakenOver), .dismissed(.serverShuttingDown),
        ]
    )
    func otherReasons(failure: ConnectionFailure) {
        var play = Play(Self.small) { _ in false }
        for _ in 1...5 { play.lose([Self.small[0]], for: failure) }
        #expect(!play.machine.unwelcome.isCareful)
        #expect(play.retries.allSatisfy { $0.unwelcome == nil && $0.delay > .zero })
    }

    @Test("Messages that go out in another order over each connection are found all the same")
    func changingOrder() {
        var play = Play(Self.small) { _ in false }
        play.lose(Self.large)
        for index in [0, 1, 2, 1] { play.lose([Self.large[index]]) }
        #expect(play.retries.last?.unwelcome == Self.large[1])
        #expect(play.retries.count(where: \.suspectsRival) == 0)
        // Only the first suspect is followed up at once.
        #expect(play.retries.map { $0.delay == .zero } == [false, true, false, false, true])
    }

    @Test("A rival is suspected though now and then a message is in flight, and attempts are spaced out")
    func rival() {
        var play = Play(Self.small) { _ in false }
        for index in 0..<12 { play.lose(index % 3 == 0 ? [Self.small[index]] : []) }
        #expect(play.retries.count(where: \.suspectsRival) == 1)
        #expect(play.retries.allSatisfy { $0.unwelcome == nil })
        #expect(play.retries.count { $0.delay == .zero } <= 4)
    }

    @Test("A connection that lasts ends the suspicion")
    func lasting() {
        var play = Play(Self.small) { _ in false }
        play.lose([])
        play.lose([Self.small[0]])
        play.lose([Self.small[0]], after: .seconds(60))
        #expect(!play.machine.unwelcome.isCareful)
        play.lose([Self.small[0]])
        #expect(play.retries.allSatisfy { $0.unwelcome == nil })
    }

    /// A machine, and a broker that closes the connection for some messages.
    struct Play {
        let messages: [MessageTrait]
        let isUnwelcome: (MessageTrait) -> Bool
        var machine: ConnectionStateMachine
        var retries: [ConnectionStateMachine.Retry] = []
        var delivered: Set<MessageTrait> = []
        var isSettled = false
        private var now = ContinuousClock.now
        private var generator = Longest()

        init(_ messages: [MessageTrait], isUnwelcome: @escaping (MessageTrait) -> Bool) {
            self.messages = messages
            self.isUnwelcome = isUnwelcome
            let backoff = Backoff(base: .seconds(1), cap: .seconds(8), floor: .zero)
            machine = ConnectionStateMachine(version: .version311, backoff: backoff, now: now)
        }

        var losses: Int { retries.count }

        mutating func lose(
            _ unanswered: [MessageTrait],
            for failure: ConnectionFailure = .lost("the broker closed it"),
            after lifetime: Duration = .milliseconds(50)
        ) {
            connect()
            now += lifetime
            fail(failure, unanswered)
        }

        /// Connects and publishes everything until a connection lasts.
        mutating func run() {
            while losses < 20, !isSettled {
                connect()
                isSettled = publishEverything()
            }
        }

        private mutating func connect() {
            now = max(now, machine.deadline ?? now)
            _ = machine.tick(at: now)
            _ = machine.accepted(at: now)
        }

        private mutating func fail(_ failure: ConnectionFailure, _ unanswered: [MessageTrait]) {
            let action = machine.failed(failure, unanswered: unanswered, at: now, using: &generator)
            if case .retry(let retry) = action { retries.append(retry) }
        }

        /// - Returns: Whether the connection stands.
        private mutating func publishEverything() -> Bool {
            let sent = messages.filter { machine.unwelcome.reason(against: $0) == nil }
            guard let end = sent.firstIndex(where: isUnwelcome) else {
                for message in sent { machine.acknowledged(message) }
                delivered = Set(sent)
                return true
            }
            let window = machine.unwelcome.isCareful ? 1 : 20
            for message in sent[..<end] where window == 1 { machine.acknowledged(message) }
            now += .milliseconds(50)
            fail(.lost("the broker closed it"), Array(sent[end...].prefix(window)))
            return false
        }
    }
}
