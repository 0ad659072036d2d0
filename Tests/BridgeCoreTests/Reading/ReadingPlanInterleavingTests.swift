import Basics
import BridgeCore
import HeatingModel
import TestBasics
import Testing

@Suite("Readings that begin, end and fail in any order")
struct ReadingPlanInterleavingTests {
    @Test("Whatever happens, the plan keeps its limits and loses nothing", arguments: 0..<500)
    func interleavings(seed: Int) {
        var world = World(seed: seed)
        world.run(for: .seconds(1200), isTroubled: true)
        // The cloud is well from here on; the longest bar is 300 s, and commands end after 600 s.
        world.run(for: .seconds(1500), isTroubled: false)
        #expect(world.mistakes == [])
        #expect(world.wanted == [], "a wanted reading never came")
        #expect(world.commands == world.concluded, "a command was lost")
        #expect(world.readStatuses.count == world.locations, "a location was not polled")
        // At most one command reading in 3 s, and a few polls: a plan that goes round in a loop makes thousands.
        #expect(world.begun < 2700 * world.locations)
    }
}

/// A cloud that answers some time later or fails, and people who want something now and then.
private struct World {
    private struct Flight {
        var due: ReadingPlan.Due
        var asked: Uptime
        var ends: Uptime
    }

    let locations: Int
    private(set) var mistakes: Set<String> = []
    private(set) var wanted: Set<Reading> = []
    private(set) var commands: Set<Command.ID> = []
    private(set) var concluded: Set<Command.ID> = []
    /// Locations whose status came while the cloud was well.
    private(set) var readStatuses: Set<LocationID> = []
    private(set) var begun = 0

    private var randomness: SeededGenerator
    private var plan: ReadingPlan
    private var now = Uptime(sinceStart: .seconds(10))
    private var flights: [Flight] = []
    private var bar: Uptime = .start
    private var isTroubled = true

    init(seed: Int) {
        randomness = SeededGenerator(seed: seed)
        locations = Int.random(in: 1...4, using: &randomness)
        let schedules: Duration? = Bool.random(using: &randomness) ? .seconds(300) : nil
        plan = ReadingPlan(
            intervals: .init(status: .seconds(60), installation: .seconds(600), schedules: schedules),
            installationRead: nil,
            shortestStatusInterval: Bool.random(using: &randomness) ? .seconds(60) : .zero,
            readsHighPrecision: Bool.random(using: &randomness),
            at: now
        )
    }

    mutating func run(for duration: Duration, isTroubled: Bool) {
        self.isTroubled = isTroubled
        let end = now + duration
        var nextWish = now
        while now < end, mistakes.isEmpty {
            conclude(plan.expireCommands(at: now))
            begin()
            let next = [plan.nextMoment, flights.map(\.ends).min(), isTroubled ? nextWish : nil, end]
            now = max(now, next.compactMap(\.self).min() ?? end)
            if let index = flights.indices.first(where: { flights[$0].ends <= now }) {
                finish(flights.remove(at: index))
            }
            if isTroubled, nextWish <= now {
                wish()
                nextWish = now + .seconds(Double.random(in: 0...40, using: &randomness))
            }
        }
    }

    private mutating func begin() {
        for due in plan.begin(at: now) {
            begun += 1
            if due.at > now { mistakes.insert("\(due.reading) began early") }
            if flights.contains(where: { $0.due.reading == due.reading }) { mistakes.insert("\(due.reading) twice") }
            if bar > now, due.reading != .temperatures { mistakes.insert("\(due.reading) before the bar") }
            let duration = Duration.seconds(Double.random(in: 0...9, using: &randomness))
            flights.append(Flight(due: due, asked: now, ends: now + duration))
        }
        let others = flights.map(\.due).filter { $0.reading != .temperatures }
        let urgent = others.count { $0.cause == .command || $0.cause == .request }
        if urgent > 4 { mistakes.insert("\(urgent) urgent readings at once") }
        if others.count - urgent > 1 { mistakes.insert("\(others.count - urgent) polls at once") }
        if begun > 100_000 { mistakes.insert("a loop without a pause") }
    }

    private mutating func wish() {
        let number = Int.random(in: 1...locations, using: &randomness)
        switch Int.random(in: 0..<5, using: &randomness) {
        case 0: want([.status(LocationID("\(number)"))])
        case 1: want([.schedule(Cottage.target(Cottage.hall, number: number))])
        case 2: wanted.formUnion(plan.refresh())
        case 3:
            let moment = now + .seconds(Double.random(in: 0...30, using: &randomness))
            plan.expectSwitchpoint(at: moment, in: LocationID("\(number)"), at: now)
        default: follow(in: number)
        }
    }

    private mutating func want(_ readings: [Reading]) {
        wanted.formUnion(readings)
        for reading in readings { plan.want(reading, for: .request) }
    }

    private mutating func follow(in number: Int) {
        let target = Cottage.target(Cottage.kitchen, number: number)
        guard let zone = Cottage.location(number: number).systems.first?.zones.first else { return }
        let id = commands.count + 1
        commands.insert(id)
        let followed = CommandFollower.Followed(
            id: id,
            target: target,
            location: LocationID("\(number)"),
            gateway: GatewayID("\(number)"),
            // Whether it is ever shown is a matter of luck.
            call: PlannedCall(
                .zone(zone.id, .hold(Bool.random(using: &randomness) ? 18 : 25, until: nil)),
                notes: []
            ),
            task: Bool.random(using: &randomness) ? CommunicationTaskID("\(id)") : nil,
            accepted: now,
            deadline: now + .seconds(600),
            isProvedByStatus: Bool.random(using: &randomness)
        )
        conclude(plan.follow(followed))
    }

    private mutating func finish(_ flight: Flight) {
        let reading = flight.due.reading
        wanted.remove(reading)
        guard reading != .temperatures else { return plan.temperaturesEnded() }
        if isTroubled, Int.random(in: 0..<4, using: &randomness) == 0 { return fail(reading) }
        switch reading {
        case .installation:
            plan.installationArrived(at: now)
            plan.know(Cottage.installation(locations: locations), schedulesRead: { _ in nil }, at: now)
        case .status(let id):
            if !isTroubled { readStatuses.insert(id) }
            let status = Cottage.status(number: Int(id.text) ?? 0)
            conclude(plan.arrived(status, asked: flight.asked, at: now, using: &randomness))
        case .schedule(let target): conclude(plan.arrived(nil, of: target, asked: flight.asked, at: now))
        case .task(let task):
            let state = [.succeeded, .failed, nil].randomElement(using: &randomness) ?? nil as CommunicationTaskState?
            conclude(plan.arrived(state, of: task, at: now))
        case .temperatures: break
        }
    }

    private mutating func fail(_ reading: Reading) {
        let kind = CloudFailure.Kind.allCases.randomElement(using: &randomness) ?? .unreachable
        let retryAfter: Duration? =
            Bool.random(using: &randomness) ? .seconds(Double.random(in: 1...300, using: &randomness)) : nil
        let failure = CloudFailure(kind, "No.", isNotFound: kind == .refused)
        if kind != .refused, kind != .unauthorised, let retryAfter { bar = max(bar, now + retryAfter) }
        let next = plan.failed(reading, failure, retryAfter: retryAfter, at: now, using: &randomness)
        if next < now { mistakes.insert("a retry in the past") }
    }

    private mutating func conclude(_ conclusions: [CommandFollower.Conclusion]) {
        for conclusion in conclusions where !concluded.insert(conclusion.id).inserted {
            mistakes.insert("command \(conclusion.id) ended twice")
        }
    }
}
