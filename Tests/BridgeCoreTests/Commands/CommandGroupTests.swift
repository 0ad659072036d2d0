import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Commands for several zones")
struct CommandGroupTests {
    private let now: Instant = "2026-11-24T17:30:00Z"
    private static let topic = "evohome/mill_house/zones"
    private static let attic = Target.zone(MillHouse.atticID, in: MillHouse.systemID)

    private func commands(_ payload: String, at suffix: String = "set", naming: TopicLayout.Naming = .name) throws
        -> [Command]
    {
        let layout = TopicLayout(base: "evohome", naming: naming, installation: try MillHouse.installation())
        let subject = naming == .name ? Self.topic : "evohome/7001/zones"
        let message = IncomingMessage(topic: "\(subject)/\(suffix)", payload: Array(payload.utf8), responseTopic: "me")
        let topic = try #require(CommandTopic(message.topic))
        #expect(layout.zones(at: topic) == MillHouse.systemID && layout.system(of: topic) == MillHouse.systemID)
        #expect(layout.subject(of: topic) == nil)
        return try CommandParser(layout: layout)
            .parse(message, on: topic, forZonesOf: MillHouse.site(), firstID: 7, received: .start)
    }

    // MARK: - Reading

    private static let understood: [(payload: String, suffix: String, action: CommandAction, zones: [Target])] = [
        (#"{"setpoint":16}"#, "set", .zone(.hold(16, .asRunning)), [MillHouse.kitchenTarget, attic]),
        (#"{"mode":"follow_schedule"}"#, "set", .zone(.followSchedule), [MillHouse.kitchenTarget, attic]),
        ("FollowSchedule", "set/mode", .zone(.followSchedule), [MillHouse.kitchenTarget, attic]),
        ("16", "set/setpoint", .zone(.hold(16, .asRunning)), [MillHouse.kitchenTarget, attic]),
        ("-0.5", "set/adjust", .zoneAdjustment(.init(by: -0.5)), [MillHouse.kitchenTarget, attic]),
        (
            #"{"adjust":1,"duration":"01:30","zones":["kitchen"],"id":1}"#, "set",
            .zoneAdjustment(.init(by: 1, until: .after(.seconds(5400)))), [MillHouse.kitchenTarget]
        ),
        // By its name, its word in topics, its id; each once.
        (
            #"{"setpoint":16,"zones":["KITCHEN","Günther's room / attic","günther_s_room___attic","7011",7012]}"#,
            "set",
            .zone(.hold(16, .asRunning)), [MillHouse.kitchenTarget, attic]
        ),
        (#"{"setpoint":16,"zones":"kitchen"}"#, "set", .zone(.hold(16, .asRunning)), [MillHouse.kitchenTarget]),
    ]

    @Test("A message for zones is a command for each, without ghosts", arguments: understood)
    func read(payload: String, suffix: String, action: CommandAction, zones: [Target]) throws {
        // Where topics have ids, ids are the words of the topics.
        for naming in TopicLayout.Naming.allCases where naming == .name || !payload.contains("___") {
            let commands = try commands(payload, at: suffix, naming: naming)
            #expect(commands.map(\.target) == zones)
            #expect(commands.map(\.id) == Array(7..<7 + zones.count))
            #expect(commands.allSatisfy { $0.action == action && $0.sender == commands[0].sender })
            #expect(
                commands[0].sender.resultTopic.hasSuffix("/zones/result") && commands[0].sender.responseTopic == "me"
            )
        }
    }

    private static let known = "known zones: Kitchen and Günther's room / attic."

    @Test(
        "What is not for zones is refused as a whole, with a sentence",
        arguments: [
            (#"{"setpoint":16,"zones":[]}"#, .incomplete, "Known zones: Kitchen and Günther's room / attic."),
            (#"{"setpoint":16,"zones":["kitchen","cellar"]}"#, .unknownTarget, #"no zone "cellar"; \#(known)"#),
            (#"{"setpoint":16,"zones":["7013"]}"#, .unknownTarget, #"no zone "7013"; \#(known)"#),
            (#"{"setpoint":16,"zones":[""]}"#, .unknownTarget, known),
            (#"{"setpoint":16,"zones":[true]}"#, .malformed, "not a list of names or ids"),
            (#"{"setpoint":16,"zones":null}"#, .malformed, "not a list of names or ids"),
            (#"{"setpoint":16,"zones":{"kitchen":1}}"#, .malformed, "not a list of names or ids"),
            (#"{"zones":["kitchen"]}"#, .incomplete, "Give a setpoint or a mode."),
            (
                #"{"setpoint":16,"zone":"kitchen"}"#, .unknownKey,
                "known keys: zones, setpoint, adjust, until, duration, mode"
            ),
            (#"{"state":"on"}"#, .unknownKey, "known keys: zones"), ("{", .malformed, "not valid JSON"),
            ("", .malformed, "empty"),
            ("[]", .malformed, "not a JSON object"),
        ] as [(String, Refusal.Code, String)]
    )
    func refused(payload: String, code: Refusal.Code, words: String) throws {
        let rejection = try #require(throws: CommandParser.Rejection.self) { try commands(payload) }
        #expect(rejection.refusal.code == code)
        #expect(rejection.refusal.message.contains(words), "\(rejection.refusal.message)")
        #expect(rejection.sender.resultTopic == "\(Self.topic)/result")
    }

    @Test(
        "Only the topic of a home's zones is one",
        arguments: ["evohome/mill_house/zone", "evohome/x/zones", "zones", ""]
    )
    func otherTopics(subject: String) throws {
        let topic = try #require(CommandTopic("\(subject)/set"))
        #expect(try MillHouse.layout().zones(at: topic) == nil)
    }

    // MARK: - Outcomes

    private static let twenty = PlannedCall(.zone("1", .hold(20, until: nil)))
    private static let done = Outcome.succeeded(twenty)
    private static let set = Outcome.succeeded(PlannedCall(twenty.call, notes: [.alreadySo]))
    private static let rounded = Outcome.succeeded(PlannedCall(twenty.call, notes: [.rounded(from: 20.1, to: 20)]))
    private static let refusal = Outcome.rejected(Refusal(.outOfRange, "Too warm."))
    private static let task = Outcome(.failed, code: "task_failed", message: "Not done.")

    private static let together: [(zones: [Outcome], kind: Outcome.Kind, code: String?, message: String?)] = [
        ([done], .succeeded, nil, nil), ([done, done], .succeeded, nil, nil), ([done, set], .succeeded, nil, nil),
        ([set, set], .succeeded, "already_so", "Nothing to do: it is already set."),
        ([rounded, rounded], .succeeded, "rounded", rounded.message),
        ([refusal, refusal], .rejected, "out_of_range", "Too warm."),
        ([.superseded, .superseded], .superseded, "superseded", Outcome.superseded.message),
        ([done, refusal], .rejected, "partial", "1 of 2 zones did not succeed. zone 1: Too warm."),
        (
            [done, .superseded, task], .failed, "partial",
            "2 of 3 zones did not succeed. zone 1: A later command for the same target took its place. zone 2: Not done."
        ),
        ([refusal, task], .failed, "task_failed", "zone 0: Too warm. zone 1: Not done."),
        ([.expired("Late."), refusal], .expired, "expired", "zone 0: Late. zone 1: Too warm."),
        (
            [done, task, task, task, task, task], .failed, "partial",
            "5 of 6 zones did not succeed. zone 1: Not done. zone 2: Not done. zone 3: Not done. 2 more."
        ),
    ]

    @Test("Together they have succeeded only when all have", arguments: together)
    func outcome(zones: [Outcome], kind: Outcome.Kind, code: String?, message: String?) {
        let group = GroupOutcome(
            zones: zones.enumerated().map { .init(name: "zone \($0)", outcome: $1, times: CommandTimes(), at: now) }
        )
        #expect(group.outcome == Outcome(kind, code: code, message: message))
    }

    @Test("The outcome of a group comes once, after the last zone's, and holds each of them")
    func payload() throws {
        let commands = try commands(#"{"setpoint":20,"id":"tea"}"#)
        var groups = CommandGroups()
        groups.add(commands, in: try MillHouse.layout())
        let times = CommandTimes(accepted: .milliseconds(4), confirmed: .seconds(5))
        #expect(groups.contains(7) && groups.contains(8) && !groups.contains(9))
        // One that is none of its own, the first, and the first once more.
        for (id, outcome) in [(9, Self.done), (8, Self.done), (8, Self.task)] {
            let whole = groups.ended(id, as: outcome, times: times, at: now)
            #expect(whole == nil)
        }
        let last = CommandTimes(accepted: .milliseconds(9), confirmed: .seconds(8))
        let ended = groups.ended(7, as: Self.rounded, times: last, at: now + .seconds(3))
        let whole = try #require(ended)
        #expect(!groups.contains(7) && !groups.contains(8))
        let json = whole.outcome.json(for: commands[0].sender, times: whole.times, zones: whole.zones, at: now)
        #expect(
            json.text
                == #"{"id":"tea","outcome":"succeeded","code":null,"message":null,"#
                + #""requested":{"setpoint":20,"id":"tea"},"applied":null,"accepted_ms":9,"confirmed_ms":8000,"#
                + #""at":"2026-11-24T17:30:00Z","zones":{"#
                + #""kitchen":{"outcome":"succeeded","code":"rounded","message":"\#(Self.rounded.message ?? "")","#
                + #""applied":{"setpoint":20.0,"mode":"permanent_override","until":null},"#
                + #""accepted_ms":9,"confirmed_ms":8000,"at":"2026-11-24T17:30:03Z"},"#
                + #""günther_s_room___attic":{"outcome":"succeeded","code":null,"message":null,"#
                + #""applied":{"setpoint":20.0,"mode":"permanent_override","until":null},"#
                + #""accepted_ms":4,"confirmed_ms":5000,"at":"2026-11-24T17:30:00Z"}}}"#
        )
    }
}

@Suite("Whatever happens to commands for several zones")
struct CommandGroupPropertyTests {
    @Test(
        "Every message has one outcome, a group's holds each zone's, and only the last for a zone stands",
        arguments: 0..<50
    )
    func interleavings(seed: Int) throws {
        var randomness = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            var house = try House()
            for _ in 0..<Int.random(in: 3...50, using: &randomness) { house.step(using: &randomness) }
            house.finish(using: &randomness)
            #expect(house.broken.isEmpty, "seed \(seed): \(house.broken)")
        }
    }

    /// Messages for one zone or for several, and a cloud that takes, refuses or loses them.
    private struct House {
        private(set) var broken: Set<String> = []
        private var queue = CommandQueue(
            expiry: .seconds(60),
            callsPerMinute: 30,
            backoff: Backoff(base: .seconds(1), cap: .seconds(9))
        )
        private var groups = CommandGroups()
        private let layout: TopicLayout
        private var now = Uptime.start
        private var lastID = 0
        /// The commands of each message, by the first one's id.
        private var messages: [Int: [Command]] = [:]
        private var answered: [Int: [Outcome.Kind]] = [:]
        private var ends: [Int: Outcome.Kind] = [:]
        private var lastFor: [Target: Int] = [:]
        private var sending: Set<Int> = []
        private var following: Set<Int> = []

        init() throws { layout = try MillHouse.layout() }

        mutating func step(using randomness: inout SeededGenerator) {
            switch Int.random(in: 0..<9, using: &randomness) {
            case 0..<3: receive(using: &randomness)
            case 3..<5: answer(using: &randomness)
            case 5..<7: conclude(using: &randomness)
            default: pass(.milliseconds(Int.random(in: 0...9000, using: &randomness)))
            }
        }

        mutating func finish(using randomness: inout SeededGenerator) {
            for _ in 0..<1000 where queue.count > 0 {
                if !sending.isEmpty {
                    answer(using: &randomness)
                } else if !following.isEmpty {
                    conclude(using: &randomness)
                } else if let next = queue.nextMoment {
                    pass(now.duration(to: next))
                }
            }
            require(Set(answered.keys) == Set(messages.keys), "A message has no outcome.")
            for (first, commands) in messages {
                let kinds = commands.compactMap { ends[$0.id] }
                require(kinds.count == commands.count, "A zone has no outcome.")
                require(answered[first] == kinds, "The outcome of a message is not that of its zones.")
            }
            for last in lastFor.values {
                require(ends[last] != .superseded, "The last command for a zone was superseded.")
            }
            require(!(1...max(lastID, 1)).contains { groups.contains($0) }, "A group is kept for ever.")
        }

        private mutating func receive(using randomness: inout SeededGenerator) {
            let zones = ["7011", "7012", "7014", "7015"].filter { _ in Bool.random(using: &randomness) }
            let isGroup = Bool.random(using: &randomness)
            let targets = (isGroup ? zones : [zones.first ?? "7011"]).map { Target.zone(ZoneID($0), in: "7003") }
            guard !targets.isEmpty else { return }
            let commands = targets.enumerated().map { index, target in
                Command(
                    id: lastID + 1 + index,
                    target: target,
                    action: .zone(.followSchedule),
                    sender: Command.Sender(subject: "a"),
                    received: now
                )
            }
            lastID += commands.count
            messages[commands[0].id] = commands
            if isGroup { groups.add(commands, in: layout) }
            for command in commands {
                if Int.random(in: 0..<8, using: &randomness) == 0 {
                    settle(command.id, .rejected(Refusal(.outOfRange, "Too warm.")))
                } else {
                    lastFor[command.target] = command.id
                    perform(queue.receive(command, by: command.target < .zone("7014", in: "7003") ? "1" : "2", at: now))
                }
            }
        }

        private mutating func answer(using randomness: inout SeededGenerator) {
            guard let id = sending.sorted().randomElement(using: &randomness) else { return }
            sending.remove(id)
            let call = PlannedCall(.zone("1", .followSchedule))
            let answers: [CommandQueue.Answer] = [
                .accepted(.init(call: call, task: nil, isProvedByStatus: true)), .concluded(.succeeded(call)),
                .failed(CloudFailure(.refused, "No.")), .failed(CloudFailure(.unreachable, "Away.")),
            ]
            let answer = answers.randomElement(using: &randomness) ?? answers[0]
            perform(queue.answered(id, by: answer, at: now, using: &randomness))
        }

        private mutating func conclude(using randomness: inout SeededGenerator) {
            guard let id = following.sorted().randomElement(using: &randomness) else { return }
            following.remove(id)
            let outcome =
                Bool.random(using: &randomness) ? Outcome(.succeeded) : Outcome(.failed, code: "x", message: "X.")
            perform(queue.concluded(id, as: outcome, at: now))
        }

        private mutating func pass(_ time: Duration) {
            now = now + time
            perform(queue.advance(at: now))
        }

        private mutating func perform(_ actions: [CommandQueue.Action]) {
            for action in actions {
                switch action {
                case .send(let command): sending.insert(command.id)
                case .follow(let command, _): following.insert(command.id)
                case .settle(let command, let outcome, _): settle(command.id, outcome)
                }
            }
        }

        private mutating func settle(_ id: Int, _ outcome: Outcome) {
            require(ends.updateValue(outcome.kind, forKey: id) == nil, "A command has two outcomes.")
            let first = messages.first { $0.value.contains { $0.id == id } }?.key ?? 0
            guard groups.contains(id) else { return note([outcome.kind], of: first) }
            let whole = groups.ended(id, as: outcome, times: CommandTimes(), at: "2026-11-24T17:30:00Z")
            if let whole { note(whole.zones.map(\.outcome.kind), of: first) }
        }

        private mutating func note(_ kinds: [Outcome.Kind], of message: Int) {
            require(answered.updateValue(kinds, forKey: message) == nil, "A message has two outcomes.")
        }

        private mutating func require(_ condition: Bool, _ promise: String) {
            if !condition { broken.insert(promise) }
        }
    }
}
