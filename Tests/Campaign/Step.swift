import TestBasics

/// One thing that a campaign does. A round is a list of them, which follows from its seed alone.
enum Step: Equatable, Sendable {
    /// A connection that the campaign stands in the middle of.
    enum Link: String, CaseIterable, Sendable { case broker, cloud }

    /// A program of the campaign.
    enum Program: String, CaseIterable, Sendable { case bridge, broker, cloud }

    /// How a command is written.
    enum Form: String, CaseIterable, Sendable { case json, plain, untilNext }

    /// How the cloud treats requests.
    enum Trouble: String, CaseIterable, Sendable {
        case limited, unavailable, page, lostAnswer, cutBody, truncated, hanging, slow, lostWrite, hangingWrite
    }

    /// How communication tasks end.
    enum Tasks: String, CaseIterable, Sendable { case fails, neverEnds, earlierTask }

    enum Tokens: String, CaseIterable, Sendable { case access, refresh }

    // Commands. Zones are numbers, taken modulo the zones that there are.
    case command(zone: Int, Form)
    case slider(zone: Int, count: Int)
    case scene(zones: Int)
    case group(zones: Int)
    case hotWater(on: Bool)
    case malformed(zone: Int, Int)
    case retainedCommand(zone: Int)
    case request(String)

    // What happens to the programs and between them. Times are in milliseconds.
    case kill(Program, after: Int)
    case restart(Program, after: Int)
    case freeze(Program, for: Int)
    case cut(Link)
    case close(Link, for: Int)
    case hold(Link, for: Int)
    case delay(Link, by: Int, for: Int)
    case fillDisk(for: Int)
    case slowDisk(by: Int, for: Int)
    case setClock(ahead: Int)

    // What the cloud does.
    case revoke(Tokens)
    case trouble(Trouble, times: Int)
    case tasks(Tasks)
    case gatewayAway(for: Int)
    case change(zone: Int)
    case overwriteState

    case wait(Int)
    /// Everything is mended, and everything that holds in the end is checked.
    case settle

    /// What cannot be taken back, and happens rarely: a login each, of six in an hour.
    var costsLogin: Bool { self == .revoke(.refresh) }
}

extension Step: CustomStringConvertible {
    var description: String {
        switch self {
        case .command(let zone, let form): "command to zone \(zone), \(form.rawValue)"
        case .slider(let zone, let count): "slider of zone \(zone), \(count) messages"
        case .scene(let zones): "scene of \(zones) zones"
        case .group(let zones): "one command for \(zones) zones"
        case .hotWater(let isOn): "hot water \(isOn ? "on" : "off")"
        case .malformed(let zone, let number): "malformed message \(number) to zone \(zone)"
        case .retainedCommand(let zone): "retained command to zone \(zone)"
        case .request(let name): "request \(name)"
        case .kill(let program, let pause): "kill the \(program.rawValue) after \(pause) ms"
        case .restart(let program, let pause): "stop the \(program.rawValue) after \(pause) ms and start it"
        case .freeze(let program, let time): "freeze the \(program.rawValue) for \(time) ms"
        case .cut(let link): "cut the connections to the \(link.rawValue)"
        case .close(let link, let time): "no connection to the \(link.rawValue) for \(time) ms"
        case .hold(let link, let time): "no packet to or from the \(link.rawValue) for \(time) ms"
        case .delay(let link, let delay, let time):
            "\(delay) ms more to and from the \(link.rawValue) for \(time) ms"
        case .fillDisk(let time): "disk full for \(time) ms"
        case .slowDisk(let delay, let time): "syncing takes \(delay) ms, for \(time) ms"
        case .setClock(let seconds): "the bridge's clock is \(seconds) s ahead"
        case .revoke(let tokens): "the cloud forgets \(tokens.rawValue) tokens"
        case .trouble(let trouble, let times): "the cloud's answers: \(trouble.rawValue), \(times) times"
        case .tasks(let outcome): "the next task \(outcome.rawValue)"
        case .gatewayAway(let time): "gateways away for \(time) ms"
        case .change(let zone): "zone \(zone) changes at the wall"
        case .overwriteState: "somebody writes offline over the bridge's state"
        case .wait(let time): "wait \(time) ms"
        case .settle: "settle"
        }
    }
}

extension Step {
    /// - Parameters:
    ///   - seed: The same seed gives the same steps.
    ///   - count: How many, beside those that settle.
    static func steps(seed: Int, count: Int) -> [Step] {
        var randomness = SeededGenerator(seed: seed)
        var (steps, logins) = ([Step](), 0)
        while steps.count < count {
            let step = random(using: &randomness)
            if step.costsLogin {
                logins += 1
                if logins > 2 { continue }
            }
            steps.append(step)
            // A command right before whatever comes next is what most of this is about.
            if Bool.random(using: &randomness) { steps.append(.wait(.random(in: 0...400, using: &randomness))) }
            if steps.count(where: { $0 == .settle }) < steps.count / 12 { steps.append(.settle) }
        }
        return steps + [.settle]
    }

    private static func random(using randomness: inout SeededGenerator) -> Step {
        func number(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &randomness) }
        func one<Value: CaseIterable>(of _: Value.Type) -> Value {
            let all = Array(Value.allCases)
            return all[number(0...all.count - 1)]
        }
        switch number(0...99) {
        case 0..<20: return .command(zone: number(0...11), one(of: Form.self))
        case 20..<25: return .slider(zone: number(0...11), count: number(2...20))
        case 25..<27: return .scene(zones: number(2...12))
        case 27..<29: return .group(zones: number(1...12))
        case 29..<31: return .hotWater(on: number(0...1) == 1)
        case 31..<36: return .malformed(zone: number(0...11), number(0...MalformedMessages.count - 1))
        case 36..<38: return .retainedCommand(zone: number(0...11))
        case 38..<40: return .request(["refresh", "health", "schedules_backup"][number(0...2)])
        case 40..<52: return .kill(number(0...9) < 8 ? .bridge : .broker, after: number(0...1500))
        case 52..<57: return .restart(number(0...9) < 8 ? .bridge : .broker, after: number(0...1500))
        case 57..<61: return .freeze(one(of: Program.self), for: number(100...4000))
        case 61..<65: return .cut(one(of: Link.self))
        case 65..<68: return .close(one(of: Link.self), for: number(100...4000))
        case 68..<71: return .hold(one(of: Link.self), for: number(100...4000))
        case 71..<74: return .delay(one(of: Link.self), by: number(10...300), for: number(500...3000))
        case 74..<77: return .fillDisk(for: number(100...3000))
        case 77..<79: return .slowDisk(by: number(100...2000), for: number(500...3000))
        case 79..<82: return .setClock(ahead: [-86_400 * 3, -3600, -40, 0, 40, 3600, 86_400 * 3][number(0...6)])
        case 82..<85: return .revoke(number(0...3) == 0 ? .refresh : .access)
        case 85..<91: return .trouble(one(of: Trouble.self), times: number(1...3))
        case 91..<93: return .tasks(one(of: Tasks.self))
        case 93..<94: return .gatewayAway(for: number(500...4000))
        case 94..<97: return .change(zone: number(0...11))
        case 97..<98: return .overwriteState
        default: return .wait(number(100...1500))
        }
    }
}
