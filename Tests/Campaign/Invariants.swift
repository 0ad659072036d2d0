import Foundation
import TestSupport

/// What must hold at any time, and what must hold when everything has had its time.
struct Invariants: Sendable {
    /// What can cost an answer with tokens on its way, and with it one refused refresh each.
    var disturbances = 0
    /// Hours that went by while the bridge was away: a login that was never answered may be tried again.
    var hours = 0

    /// When answers of the cloud could be lost on their way, in seconds since 1970.
    private var lostAnswers: [ClosedRange<Double>] = []

    /// From when on a request times out that was sent before.
    private static let requestTimeout = 3.0

    /// From now on, and for so long, answers of the cloud can be lost: a call without one may be made again.
    mutating func losesAnswers(for milliseconds: Int = 0) {
        let now = Date().timeIntervalSince1970
        lostAnswers.append(now - Self.requestTimeout - 0.5...now + Double(milliseconds) / 1000 + 0.5)
        disturbances += 1
    }

    /// More than any bridge needs.
    private static let memory = 128.0
    private static let openFiles = 80
    private static let files = 8

    /// - Parameter isOver: Whether everything had its time.
    /// - Returns: What is wrong, in sentences.
    func violations(in house: House, isOver: Bool) async throws -> [String] {
        var found = house.reported + house.correspondent.leaks
        guard isOver else {
            // The cloud may be frozen, and what it says is checked at the end; the rest is at hand.
            return found + house.ledger.violations(calls: [:], isOver: false)
        }
        let requests = try await house.control.requests()
        found += house.ledger.violations(calls: calls(in: requests), isOver: true)
        found += logins(in: requests)
        found += try secrets(in: house)
        found += try growth(of: house)
        return found
    }

    /// Calls that the cloud carried out, or may have carried out.
    private func calls(in requests: [CloudControl.Request]) -> [Ledger.Call: Ledger.Made] {
        var calls: [Ledger.Call: Ledger.Made] = [:]
        var answered: Set<Ledger.Call> = []
        for request in requests {
            guard request.method == "PUT", request.path.hasSuffix("/heatSetpoint"),
                request.status.map({ (200..<300).contains($0) }) ?? true,
                let body = try? JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any],
                let setpoint = body["heatSetpointValue"] as? Double
            else { continue }
            let parts = request.path.split(separator: "/")
            let call = Ledger.Call(zone: String(parts.dropLast().last ?? ""), setpoint: setpoint)
            calls[call, default: Ledger.Made()].times += 1
            if answered.contains(call) { calls[call]?.isRepeated = true }
            let isLost = request.status == nil || lostAnswers.contains { $0.contains(request.received) }
            if !isLost { answered.insert(call) }
        }
        return calls
    }

    private func logins(in requests: [CloudControl.Request]) -> [String] {
        let tokens = requests.filter { $0.path.lowercased().hasSuffix("/auth/oauth/token") }
        let logins = tokens.count { $0.grantType == "password" }
        let refused = tokens.count { $0.grantType == "refresh_token" && $0.status == 400 }
        var found: [String] = []
        if logins > 1 + refused + hours {
            found.append("\(logins) logins in \(hours + 1) hours, with \(refused) refused refreshes")
        }
        if refused > disturbances {
            found.append("\(refused) refreshes were refused, with \(disturbances) disturbances")
        }
        let limited = tokens.count { $0.grantType == "password" && $0.status == 429 }
        if limited > 0 { found.append("\(limited) logins were more than the cloud allows") }
        return found
    }

    private func secrets(in house: House) throws -> [String] {
        var found = house.secrets.found(in: try house.loggedBytes()).map { "\($0) in the log" }
        for file in try Self.files(of: house) {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path())
            // A socket is guarded by its folder.
            guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            let mode = (attributes[.posixPermissions] as? Int) ?? 0
            if mode & 0o077 != 0 { found.append("\(file.lastPathComponent) has the mode \(String(mode, radix: 8))") }
            let bytes = try Array(Data(contentsOf: file))
            let secrets = house.secrets.found(in: bytes).filter { $0 != "the user name" && $0 != "a token" }
            found += secrets.map { "\($0) in \(file.lastPathComponent)" }
        }
        return found
    }

    private func growth(of house: House) throws -> [String] {
        var found: [String] = []
        let files = try Self.files(of: house).map(\.lastPathComponent)
        if files.count > Self.files { found.append("Files are left over: \(files.sorted())") }
        found += files.filter { $0.contains("damaged") }.map { "A damaged state file was found: \($0)" }
        guard let bridge = house.program(.bridge) else { return found }
        let (memory, open) = (try bridge.memory("Rss"), try bridge.openFiles())
        if memory > Self.memory { found.append("The bridge has \(memory) MiB of memory.") }
        if open > Self.openFiles { found.append("The bridge has \(open) files open.") }
        return found
    }

    private static func files(of house: House) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: house.stateFolder, includingPropertiesForKeys: nil)
    }

    // MARK: - State

    /// Waits until what the broker holds is what the cloud shows.
    ///
    /// - Throws: ``CampaignError`` when it is not two polls later.
    func retainedStateEqualsTheCloud(in house: House, _ homes: Homes) async throws {
        let before = try await Self.polls(of: house)
        var differences: [String] = []
        repeat {
            let cloud = try await house.control.status()
            let held = try await Correspondent.retained(at: house.brokerPort)
            differences = homes.differences(between: held, and: cloud)
            if differences.isEmpty { return }
            // Two polls of each home, and a third that may have been under way.
        } while try await Self.polls(of: house) < before + 3 * homes.locations
        throw CampaignError("Two polls later the broker holds something else: \(differences.joined(separator: "; "))")
    }

    private static func polls(of house: House) async throws -> Int {
        try await house.control.requests().count { $0.path.hasSuffix("/status") && $0.status == 200 }
    }
}
