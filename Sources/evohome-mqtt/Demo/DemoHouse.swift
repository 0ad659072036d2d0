import Basics
import BridgeCore
import BridgeServices
import Foundation
import Glibc
import HeatingModel
import Observability
import ServiceLifecycle
import SystemPackage
import TCCSimulator

/// The bridge in a house that is simulated, and the table that shows it.
struct DemoHouse: Service {
    let simulator: TCCSimulator
    let brokerURL: String
    let directory: DemoDirectory

    func run() async throws {
        let loaded = try await settings()
        let log = try FileDescriptor.open(
            directory.log,
            .writeOnly,
            options: [.create, .append],
            permissions: .ownerReadWrite
        )
        let logs = Logs(loaded.settings.log, destination: .fileDescriptor(log.rawValue))
        let bridge = Bridge(loaded, logs: logs, stoppedBy: [])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bridge.run() }
            group.addTask { await show(bridge.store) }
            defer { group.cancelAll() }
            try await group.next()
            try await group.waitForAll()
        }
    }

    private func settings() async throws -> Settings.Loaded {
        try Settings.load(
            flags: [
                .accountUsername: "user@example.com", .accountPassword: "password",
                .cloudURL: try await simulator.url, .cloudPollInterval: "5s",
                .mqttURL: brokerURL, .stateFile: directory.stateFile.string,
            ],
            environment: [:]
        )
    }

    /// Draws the table again whenever it would look different: in place on a terminal, below the last one elsewhere.
    private func show(_ store: SnapshotStore) async {
        await cancelWhenGracefulShutdown {
            let isTerminal = isatty(STDOUT_FILENO) == 1
            var last = ""
            while !Task.isCancelled {
                let table = DemoTable(store: store, brokerURL: brokerURL, log: directory.log.string).text
                if table != last {
                    print(isTerminal ? "\u{1b}[H\u{1b}[2J" + table : table + "\n", terminator: "")
                    fflush(nil)
                    last = table
                }
                try? await Task.sleep(for: .milliseconds(250))
            }
            print("Stopping…")
        }
    }
}
