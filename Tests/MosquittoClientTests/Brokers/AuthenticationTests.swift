import Basics
import Foundation
import TestSupport
import Testing

@testable import MosquittoClient

@Suite(.timeLimit(.minutes(1))) struct AuthenticationTests {
    @Test(
        "A wrong password is reported, tried again without end, and never shown",
        arguments: [MQTTConfiguration.Version.version5, .version311]
    )
    func wrongPassword(version: MQTTConfiguration.Version) async throws {
        try await withBroker { directory in
            try await runTool("mosquitto_passwd", ["-b", "-c", "passwords", "bridge", "right"], in: directory)
            return "password_file \(directory.appending(path: "passwords").path())"
        } _: { broker in
            var configuration = MQTTConfiguration.test(broker.port)
            configuration.version = version
            configuration.username = "bridge"
            configuration.password = Secret("hunter2")
            try await withClient(configuration) { client in
                try await eventually { client.attempts.count >= 4 && !client.reasons.isEmpty }
                #expect(client.reasons == ["the broker refused the user name or password"])
                #expect(client.warnings.count == 1)
                #expect(!client.log.contains { $0.contains("hunter2") })
            }
            configuration.password = Secret("right")
            try await withClient(configuration) { client in
                let connection = try await client.connection()
                #expect(connection.version == (version == .version5 ? .version5 : .version311))
            }
        }
    }
}
