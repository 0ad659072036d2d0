import Foundation
import TestSupport
import Testing

@testable import MosquittoClient

@Suite(.timeLimit(.minutes(2))) struct TLSTests {
    /// A broker that asks for TLS, with an authority made for it in its folder.
    private static func withTLSBroker(
        requiringCertificate: Bool = false,
        _ body: @Sendable @escaping (Broker, TestAuthority) async throws -> Void
    ) async throws {
        try await withBroker { directory in
            let authority = try await TestAuthority(in: directory)
            try await authority.issue("server", name: "localhost")
            try await authority.issue("client", name: "bridge")
            return """
                allow_anonymous true
                cafile \(authority.path("ca.pem"))
                certfile \(authority.path("server.pem"))
                keyfile \(authority.path("server.key"))
                require_certificate \(requiringCertificate)
                """
        } _: { broker in
            try await body(broker, TestAuthority(existingIn: broker.directory))
        }
    }

    private static func configuration(_ broker: Broker, _ tls: MQTTTLSConfiguration) -> MQTTConfiguration {
        var configuration = MQTTConfiguration.test(broker.port)
        configuration.host = "localhost"
        configuration.tls = tls
        return configuration
    }

    @Test("A broker of a known authority is trusted, also after a restart")
    func reconnects() async throws {
        try await Self.withTLSBroker { broker, authority in
            let tls = MQTTTLSConfiguration(caFile: authority.path("ca.pem"))
            try await withClient(Self.configuration(broker, tls)) { client in
                for round in 1...3 {
                    _ = try await client.connection(round)
                    try await client.client.publish(MQTTMessage("a", String(repeating: "x", count: 100_000)))
                    await broker.kill()
                    try await broker.start()
                }
                _ = try await client.connection(4)
            }
        }
    }

    @Test("A broker of another authority is not trusted, nor by the system's authorities, and the reason is reported")
    func wrongAuthority() async throws {
        try await Self.withTLSBroker { broker, authority in
            let other = try await TestAuthority(in: authority.makeFolder("other"))
            for caFile in [other.path("ca.pem"), nil] {
                let configuration = Self.configuration(broker, MQTTTLSConfiguration(caFile: caFile))
                try await withClient(configuration) { client in
                    try await eventually { client.attempts.count >= 3 && !client.reasons.isEmpty }
                    #expect(client.reasons == ["no secure connection to the MQTT broker: certificate verify failed"])
                    #expect(client.connections.isEmpty)
                }
            }
        }
    }

    @Test("A certificate for another name is not trusted")
    func wrongName() async throws {
        try await Self.withTLSBroker { broker, authority in
            var configuration = Self.configuration(broker, MQTTTLSConfiguration(caFile: authority.path("ca.pem")))
            configuration.host = "127.0.0.1"
            try await withClient(configuration) { client in
                try await eventually { !client.reasons.isEmpty }
                #expect(client.reasons[0].hasPrefix("no secure connection"))
                #expect(client.connections.isEmpty)
            }
        }
    }

    @Test("Without verification any certificate is accepted for any name")
    func insecure() async throws {
        try await Self.withTLSBroker { broker, _ in
            var configuration = Self.configuration(broker, MQTTTLSConfiguration(skipsVerification: true))
            configuration.host = "127.0.0.1"
            try await withClient(configuration) { client in
                _ = try await client.connection()
                await broker.kill()
                try await broker.start()
                _ = try await client.connection(2)
            }
        }
    }

    @Test("A broker that asks for a certificate gets it, also after a restart, and refuses a client without one")
    func clientCertificate() async throws {
        try await Self.withTLSBroker(requiringCertificate: true) { broker, authority in
            var tls = MQTTTLSConfiguration(caFile: authority.path("ca.pem"))
            try await withClient(Self.configuration(broker, tls)) { client in
                try await eventually { !client.reasons.isEmpty }
                #expect(client.connections.isEmpty)
            }
            tls.certificateFile = authority.path("client.pem")
            tls.keyFile = authority.path("client.key")
            try await withClient(Self.configuration(broker, tls)) { client in
                _ = try await client.connection()
                await broker.kill()
                try await broker.start()
                _ = try await client.connection(2)
            }
        }
    }
}

/// A certificate authority for the length of a test, made by `openssl`.
private struct TestAuthority: Sendable {
    let directory: URL

    init(existingIn directory: URL) { self.directory = directory }

    init(in directory: URL) async throws {
        self.directory = directory
        try await openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem")
    }

    /// Writes `<file>.pem` and `<file>.key`.
    func issue(_ file: String, name: String) async throws {
        try await openssl("req -newkey rsa:2048 -nodes -subj /CN=\(name) -keyout \(file).key -out \(file).csr")
        try Data("subjectAltName=DNS:\(name)\n".utf8).write(to: directory.appending(path: "\(file).ext"))
        let authority = "-CA ca.pem -CAkey ca.key -CAcreateserial"
        try await openssl(
            "x509 -req -days 2 -in \(file).csr \(authority) -extfile \(file).ext -out \(file).pem"
        )
    }

    func path(_ file: String) -> String { directory.appending(path: file).path() }

    func makeFolder(_ name: String) throws -> URL {
        let folder = directory.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private func openssl(_ arguments: String) async throws {
        try await runTool("openssl", arguments.split(separator: " ").map(String.init), in: directory)
    }
}
