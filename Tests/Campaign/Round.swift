import Foundation
import Glibc
import TestBasics
import TestSupport

/// Carries out the steps of one seed in a house, and checks what must hold.
actor Round {
    struct Report: Sendable {
        var seed: Int
        var commands: [Ledger.Sent] = []
        var kills = 0
        var violations: [String] = []
        /// The largest resident memory that was seen, in MiB.
        var memory = 0.0
        var logins = 0
        var tokens = 0
    }

    private let house: House
    private let steps: [Step]
    private let isTalkative: Bool
    private var report: Report
    private var randomness: SeededGenerator
    private var number = 0
    /// What began, and ends by itself.
    private var passing: [Task<Void, Never>] = []
    private var invariants = Invariants()
    private var homes = Homes()

    init(_ steps: [Step], seed: Int, in house: House, isTalkative: Bool) {
        (self.steps, self.house, self.isTalkative) = (steps, house, isTalkative)
        report = Report(seed: seed)
        randomness = SeededGenerator(seed: seed ^ 0x5eed)
    }

    /// Runs until the end, or until something is wrong.
    func run() async throws -> Report {
        try await house.startBridge()
        homes = try await Homes(of: house)
        for (index, step) in steps.enumerated() {
            if isTalkative { say("  \(index + 1)/\(steps.count) \(step)") }
            do {
                try await carryOut(step)
                report.violations = try await invariants.violations(in: house, isOver: step == .settle)
            } catch let error as CampaignError {
                report.violations = ["\(error)"]
            }
            report.memory = max(report.memory, (try? house.program(.bridge)?.memory("Rss")) ?? 0)
            if !report.violations.isEmpty {
                report.violations = report.violations.map { "after step \(index + 1), \(step): \($0)" }
                break
            }
        }
        for task in passing { task.cancel() }
        report.commands = house.ledger.all
        report.logins = (try? await house.control.requests().count { $0.grantType == "password" }) ?? 0
        report.tokens = house.secrets.tokens
        return report
    }

    private func carryOut(_ step: Step) async throws {
        let system = house.system
        switch step {
        case .command(let zone, let form): try command(homes.zone(zone), form)
        case .slider(let zone, let count):
            for _ in 0..<count { try command(homes.zone(zone), .plain) }
        case .scene(let zones):
            for zone in homes.zones.prefix(zones) { try command(zone, .json) }
        case .group(let zones): try command(Array(homes.zones.prefix(zones)))
        case .hotWater(let isOn):
            if let topic = homes.hotWater {
                try send(id: nextID(), #"{"state":"\#(isOn ? "on" : "off")","until":"forever"}"#, on: "\(topic)/set")
            }
        case .malformed(let zone, let number):
            let (id, topic) = (nextID(), "\(homes.zone(zone).topic)/set")
            let payload = MalformedMessages.all[number]
            house.ledger.enter(id, topic: topic, payload: "malformed message \(number)")
            house.correspondent.send(payload, on: topic, as: id)
        case .retainedCommand(let zone):
            house.correspondent.say("17.5", on: "\(homes.zone(zone).topic)/set/setpoint", retained: true)
        case .request(let name): house.correspondent.say("", on: "evohome/bridge/request/\(name)")
        case .kill(let program, let pause): try await end(program, with: SIGKILL, after: pause)
        case .restart(let program, let pause): try await end(program, with: SIGTERM, after: pause)
        case .freeze(let program, let time): freeze(program, for: time)
        case .cut(let link):
            house.link(link)?.cut()
            if link == .cloud { invariants.losesAnswers() }
        case .close(let link, let time):
            house.link(link)?.close()
            passes(after: time) { $0.link(link)?.open() }
            if link == .cloud { invariants.losesAnswers(for: time) }
        case .hold(let link, let time):
            house.link(link)?.hold(true)
            passes(after: time) { $0.link(link)?.hold(false) }
            if link == .cloud { invariants.losesAnswers(for: time) }
        case .delay(let link, let delay, let time):
            house.link(link)?.delay(by: delay)
            passes(after: time) { $0.link(link)?.delay(by: 0) }
        case .fillDisk(let time):
            try system?.setDisk(isFull: true)
            invariants.disturbances += 1
            passes(after: time) { try? $0.system?.setDisk(isFull: false) }
        case .slowDisk(let delay, let time):
            try system?.setSync(takes: .milliseconds(delay))
            passes(after: time) { try? $0.system?.setSync(takes: .zero) }
        case .setClock(let seconds): try system?.setClock(ahead: seconds)
        case .revoke(let tokens):
            try await house.control.revoke(tokens.rawValue)
            if tokens == .refresh { invariants.disturbances += 1 }
        case .trouble(let trouble, let times):
            try await house.control.inject(trouble.fault(times: times))
            invariants.disturbances += times
        case .tasks(let outcome): try await house.control.expectTask(outcome.rawValue)
        case .gatewayAway(let time):
            for gateway in homes.gateways { try await house.control.setGateway(gateway, isAway: true) }
            passes(after: time) { [homes] house in
                for gateway in homes.gateways { try? await house.control.setGateway(gateway, isAway: false) }
            }
        case .change(let zone):
            let celsius = Double(Int.random(in: 20...60, using: &randomness)) / 2
            try await house.control.setTemperature(celsius, ofZone: homes.zone(zone).id)
        case .overwriteState: house.correspondent.say("offline", on: "evohome/bridge/state", retained: true)
        case .wait(let time): try await Task.sleep(for: .milliseconds(time))
        case .settle: try await settle()
        }
    }

    // MARK: - Commands

    private func nextID() -> String {
        number += 1
        return "c\(number)"
    }

    private func command(_ zone: Homes.Zone, _ form: Step.Form) throws {
        let setpoint = house.ledger.freshSetpoint(zone: zone.id, using: &randomness)
        let calls = setpoint.map { [Ledger.Call(zone: zone.id, setpoint: $0)] } ?? []
        let (id, value) = (nextID(), setpoint ?? 20)
        switch form {
        case .json:
            try send(id: id, #"{"id":"\#(id)","setpoint":\#(value),"until":"forever"}"#, on: "\(zone.topic)/set", calls)
        case .untilNext: try send(id: id, #"{"id":"\#(id)","setpoint":\#(value)}"#, on: "\(zone.topic)/set", calls)
        case .plain: try send(id: id, "\(value)", on: "\(zone.topic)/set/setpoint", calls)
        }
    }

    /// One message for zones of the first home.
    private func command(_ zones: [Homes.Zone]) throws {
        guard let first = zones.first, let setpoint = house.ledger.setpointForAll() else { return }
        let home = first.topic.split(separator: "/").prefix(2).joined(separator: "/")
        let zones = zones.filter { $0.topic.hasPrefix("\(home)/") }
        let (id, ids) = (nextID(), zones.map { "\"\($0.id)\"" }.joined(separator: ","))
        let payload = #"{"id":"\#(id)","zones":[\#(ids)],"setpoint":\#(setpoint),"until":"forever"}"#
        let calls = zones.map { Ledger.Call(zone: $0.id, setpoint: setpoint) }
        try send(id: id, payload, on: "\(home)/zones/set", calls)
    }

    private func send(id: String, _ payload: String, on topic: String, _ calls: [Ledger.Call] = []) throws {
        house.ledger.enter(id, topic: topic, payload: payload, calls: calls)
        house.correspondent.send(Array(payload.utf8), on: topic, as: id)
    }

    // MARK: - Disturbances

    /// - Parameter end: Ends what began; it happens in the midst of later steps.
    private func passes(after time: Int, _ end: @escaping @Sendable (House) async -> Void) {
        passing.append(
            Task { [house] in
                try? await Task.sleep(for: .milliseconds(time))
                await end(house)
            }
        )
    }

    private func freeze(_ program: Step.Program, for time: Int) {
        if program != .broker { invariants.losesAnswers(for: time) }
        guard program != .broker else {
            house.broker.freeze()
            return passes(after: time) { $0.broker.resume() }
        }
        let frozen = house.program(program)
        frozen?.send(SIGSTOP)
        passes(after: time) { _ in frozen?.send(SIGCONT) }
    }

    private func end(_ program: Step.Program, with signal: Int32, after pause: Int) async throws {
        try await Task.sleep(for: .milliseconds(pause))
        switch program {
        case .bridge:
            report.kills += signal == SIGKILL ? 1 : 0
            invariants.disturbances += 1
            if signal == SIGTERM { house.program(.bridge)?.send(SIGCONT) }
            try await house.endBridge(with: signal)
            try await house.startBridge()
        case .broker:
            if signal == SIGKILL {
                house.ledger.excuse("the broker was killed")
                await house.broker.kill()
            } else {
                await house.broker.stop()
            }
            try await house.broker.start()
        case .cloud: break
        }
    }

    // MARK: - In the end

    private func settle() async throws {
        for task in passing { await task.value }
        passing = []
        try await house.mend()
        try await reaches(within: .seconds(60), "the broker took all messages") { house.correspondent.sending == 0 }
        house.ledger.excuse(nil)
        try await isWell()
        try await reaches(
            within: .seconds(house.settings.commandsExpiry + 20),
            "every command has its outcome, \(open)"
        ) {
            house.ledger.open.isEmpty
        }
        try await waitForTheExcused()
        try await invariants.retainedStateEqualsTheCloud(in: house, homes)
    }

    /// A command whose outcome may be lost can still be under way, and its zone show what it asks for.
    private func waitForTheExcused() async throws {
        let deadline = ContinuousClock.now + .seconds(house.settings.commandsExpiry + 5)
        while house.ledger.all.contains(where: { $0.isAcknowledged && !$0.hasOutcome }), .now < deadline {
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private var open: String { "but \(house.ledger.open.map(\.id))" }

    /// Waits until the bridge is online and the cloud is well. Where logins are spent, an hour goes by.
    private func isWell() async throws {
        var hasWaitedAnHour = false
        let deadline = ContinuousClock.now + .seconds(150)
        while ContinuousClock.now < deadline {
            let health = house.correspondent.json(on: "evohome/bridge/cloud")?["state"] as? String
            if house.correspondent.last(on: "evohome/bridge/state") == "online", health == "ok" { return }
            if health == "unauthorised", !hasWaitedAnHour, let system = house.system {
                hasWaitedAnHour = true
                try await house.endBridge(with: SIGTERM)
                try await house.control.advance(by: 3700)
                try system.setClock(ahead: 3700)
                invariants.hours += 1
                try await house.startBridge()
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        let health = house.correspondent.last(on: "evohome/bridge/cloud") ?? "nothing"
        throw CampaignError(
            "Not within 150 s: online and well; \(house.correspondent.last(on: "evohome/bridge/state") ?? "") \(health)"
        )
    }
}

extension Step.Trouble {
    /// As the control port takes it.
    func fault(times: Int) -> [String: any Sendable] {
        let fault: [String: any Sendable] =
            switch self {
            case .limited: ["effect": "respond", "status": 429, "headers": ["Retry-After": "2"]]
            case .unavailable: ["effect": "respond", "status": 503]
            case .page: ["effect": "html", "status": 502]
            case .lostAnswer: ["effect": "loseResponse"]
            // What is written is answered whole, or not at all.
            case .cutBody: ["effect": "cutBody", "method": "GET"]
            case .truncated: ["effect": "truncate"]
            case .hanging: ["effect": "hang"]
            case .slow: ["effect": "delay", "milliseconds": [500, 2500]]
            case .lostWrite: ["effect": "loseResponse", "method": "PUT"]
            case .hangingWrite: ["effect": "hang", "method": "PUT"]
            }
        return fault.merging(["times": times]) { $1 }
    }
}
