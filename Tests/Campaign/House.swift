import Foundation
import Glibc
import Subprocess
import Synchronization
import SystemPackage
import TestSupport

/// The broker, the cloud and the bridge, each a process, with a relay in the middle of each connection of the bridge.
final class House: Sendable {
    struct Settings: Sendable {
        /// Where `evohome-mqtt` is.
        var program: FilePath
        var homes = ["house"]
        /// How fast the homes' clock runs.
        var speed = 30
        var tokenLifetime = "15s"
        /// How long a command of the bridge waits.
        var commandsExpiry = 20
        /// Further flags of the bridge, which win.
        var flags: [String] = []
        var logLevel = "trace"
        /// Whether clock and disk can be tampered with.
        var isTampered = true
    }

    let broker: Broker
    let control: CloudControl
    let correspondent: Correspondent
    let ledger: Ledger
    let secrets: Secrets
    /// `nil` where there is no C compiler.
    let system: TamperedSystem?
    let settings: Settings
    private let directory: URL
    private let cloudPort: Int
    private let controlPort: Int
    private let links: [Step.Link: Relay]
    private let programs = Mutex<[Step.Program: RunningProgram]>([:])
    /// What the bridge did that it must not do while it runs or ends.
    private let misdeeds = Mutex<[String]>([])

    var stateFolder: URL { directory.appending(path: "state") }
    private var log: URL { directory.appending(path: "bridge.log") }
    var brokerPort: Int { broker.port }

    private init(
        _ settings: Settings,
        in directory: URL,
        broker: Broker,
        correspondent: Correspondent,
        ledger: Ledger,
        secrets: Secrets
    ) async throws {
        (self.settings, self.directory, self.broker) = (settings, directory, broker)
        (self.correspondent, self.ledger, self.secrets) = (correspondent, ledger, secrets)
        (cloudPort, controlPort) = (try freePort(), try freePort())
        control = CloudControl(port: controlPort)
        system =
            settings.isTampered && TamperedSystem.compiler != nil ? try await TamperedSystem(in: directory) : nil
        links = [
            .broker: try Relay(to: broker.port),
            .cloud: try Relay(to: cloudPort) { secrets.learn(fromAnswer: $0) },
        ]
    }

    /// Builds everything but the bridge for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - directory: For all files; it must exist.
    ///   - body: Gets the house. Its bridge is not running yet.
    static func exists(
        _ settings: Settings,
        in directory: URL,
        _ body: @escaping @Sendable (House) async throws -> Void
    ) async throws {
        let (ledger, secrets) = (Ledger(), Secrets())
        let configuration: @Sendable (URL) -> String = { directory in
            """
            allow_anonymous true
            persistence true
            persistence_location \(directory.path())/
            autosave_on_changes true
            autosave_interval 1
            """
        }
        try await withBroker(configuration: configuration) { broker in
            try await Correspondent.connected(to: broker.port, ledger: ledger, secrets: secrets) { correspondent in
                let house = try await House(
                    settings,
                    in: directory,
                    broker: broker,
                    correspondent: correspondent,
                    ledger: ledger,
                    secrets: secrets
                )
                do {
                    try await house.startCloud()
                    try await body(house)
                    await house.leave()
                } catch {
                    await house.leave()
                    throw error
                }
            }
        }
    }

    /// Ends all processes.
    private func leave() async {
        for program in programs.withLock({ Array($0.values) }) {
            program.send(SIGCONT)
            _ = try? await program.end(with: SIGKILL)
        }
        for link in links.values { link.stop() }
    }

    private func startCloud() async throws {
        let cloud = try await RunningProgram.start(
            .path(settings.program),
            [
                "simulate", "--listen", "127.0.0.1:\(cloudPort)", "--control", "127.0.0.1:\(controlPort)",
                "--user", Secrets.username, "--password", Secrets.password, "--speed", "\(settings.speed)",
                "--token-lifetime", settings.tokenLifetime,
            ] + settings.homes.flatMap { ["--home", $0] },
            log: directory.appending(path: "cloud.log")
        )
        programs.withLock { $0[.cloud] = cloud }
        try await reaches(within: .seconds(20), "the simulator listens") {
            (try? await control.status())?.isEmpty == false
        }
    }

    func startBridge() async throws {
        var variables: [Environment.Key: String?] = ["EVOHOME_ACCOUNT_PASSWORD": Secrets.password]
        for (key, value) in system?.environment ?? [:] { variables[.init(stringLiteral: key)] = value }
        let bridge = try await RunningProgram.start(
            .path(settings.program),
            [
                "run", "--cloud-url", "http://127.0.0.1:\(links[.cloud]?.port ?? 0)",
                "--mqtt-url", "mqtt://127.0.0.1:\(links[.broker]?.port ?? 0)",
                "--state-file", stateFolder.appending(path: "state.json").path(),
                "--account-username", Secrets.username, "--cloud-poll-interval", "1s",
                "--cloud-request-timeout", "3s", "--cloud-unavailable-after", "10s",
                "--cloud-schedules-interval", "30s", "--commands-expiry", "\(settings.commandsExpiry)s",
                "--commands-per-minute", "100000", "--mqtt-protocol", "5", "--log-level", settings.logLevel,
            ] + settings.flags,
            environment: .inherit.updating(variables),
            log: log
        )
        programs.withLock { $0[.bridge] = bridge }
    }

    func program(_ name: Step.Program) -> RunningProgram? { programs.withLock { $0[name] } }

    func link(_ name: Step.Link) -> Relay? { links[name] }

    /// Ends the bridge.
    func endBridge(with signal: Int32) async throws {
        guard let bridge = program(.bridge) else { return }
        if bridge.hasEnded { report("The bridge had ended by itself.") }
        let time = try await bridge.end(with: signal)
        programs.withLock { $0[.bridge] = nil }
        if signal == SIGTERM, time > .seconds(8) { report("The bridge took \(time) to end after SIGTERM.") }
    }

    /// Everything is as it should be again, but for what the bridge has to do itself.
    func mend() async throws {
        for program in programs.withLock({ Array($0.values) }) { program.send(SIGCONT) }
        broker.resume()
        for link in links.values {
            link.open()
            link.hold(false)
            link.delay(by: 0)
        }
        try system?.setDisk(isFull: false)
        try system?.setSync(takes: .zero)
        try await control.mend()
        if let bridge = program(.bridge), bridge.hasEnded {
            report("The bridge had ended by itself.")
            programs.withLock { $0[.bridge] = nil }
        }
        if program(.bridge) == nil { try await startBridge() }
    }

    func report(_ misdeed: String) { misdeeds.withLock { $0.append(misdeed) } }

    var reported: [String] { misdeeds.withLock { $0 } }

    /// All that the bridge has written down but its state file: its log.
    func loggedBytes() throws -> [UInt8] { try Array(Data(contentsOf: log)) }
}

/// Waits until a condition holds.
///
/// - Throws: ``CampaignError`` when it does not in time.
func reaches(within limit: Duration, _ what: @autoclosure () -> String, _ condition: () async throws -> Bool)
    async throws
{
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw CampaignError("Not within \(limit): \(what())") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
