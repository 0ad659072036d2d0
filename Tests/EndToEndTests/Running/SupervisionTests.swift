import Foundation
import TestSupport
import Testing

@testable import evohome_mqtt

@Suite("Under a service manager", .timeLimit(.minutes(1)))
struct SupervisionTests {
    @Test("It says that it is ready, how it does and that it is alive, and that it stops")
    func notifications() async throws {
        try await World.exists { world in
            let manager = try NotificationSocket(path: world.directory.appending(path: "notify").path())
            let environment = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "200000"]
            try await world.bridge(environment: environment) { _ in
                try await eventually { manager.messages.contains("WATCHDOG=1\nSTATUS=Healthy.") }
                #expect(manager.messages.first?.hasPrefix("READY=1\nSTATUS=") == true)
                // A restart brings no broker back: the manager must see a bridge that is alive, and what ails it.
                await world.broker.kill()
                try await eventually {
                    manager.messages.last?.hasPrefix("WATCHDOG=1\nSTATUS=There has been no MQTT connection") == true
                }
            }
            #expect(manager.messages.last == "STOPPING=1\nSTATUS=Stopping.")
        }
    }

    @Test(
        "The watchdog's timeout counts only if it is meant for this process",
        arguments: [
            (["WATCHDOG_USEC": "60000000"], .seconds(60)),
            (["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"], .seconds(60)),
            (["WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
        ] as [([String: String], Duration?)]
    )
    func watchdog(variables: [String: String], expected: Duration?) throws {
        let environment = variables.merging(["NOTIFY_SOCKET": "/run/systemd/notify"]) { $1 }
        let manager = try #require(ServiceManager(environment: environment, processIdentifier: 7))
        #expect(manager.watchdog == expected)
    }

    @Test(
        "There is a manager where it names its socket",
        arguments: [
            (nil, false), ("", false), ("run/notify", false), ("vsock:2:1234", false),
            ("/run/systemd/notify", true), ("@/org/freedesktop/notify", true),
            ("/" + String(repeating: "x", count: 200), false),
        ]
    )
    func manager(socket: String?, isThere: Bool) {
        let environment = socket.map { ["NOTIFY_SOCKET": $0] } ?? [:]
        #expect((ServiceManager(environment: environment) != nil) == isThere)
    }
}
