import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL
import SimulatorTestSupport
import Testing

@testable import TCCSimulator

@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    private static let openssl = "/usr/bin/openssl"

    /// Makes a certificate for loopback with openssl and removes it after `body`.
    private func withCertificate(
        _ body: (SimulatorConfiguration.Certificate) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "simulator-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = SimulatorConfiguration.Certificate(
            certificatePath: folder.appending(path: "certificate.pem").path(),
            keyPath: folder.appending(path: "key.pem").path()
        )
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl)
        process.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", certificate.keyPath, "-out", certificate.certificatePath,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try await body(certificate)
    }

    @Test(
        "A client that trusts the certificate can connect, others cannot",
        .enabled(if: FileManager.default.isExecutableFile(atPath: openssl), "openssl is not installed")
    )
    func handshake() async throws {
        try await withCertificate { certificate in
            var configuration = SimulatorConfiguration()
            configuration.certificate = certificate
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(certificate.certificatePath)
            try await HTTPClient.withHTTPClient(configuration: .init(tlsConfiguration: tls)) { trusting in
                try await TCCSimulator.withRunning(configuration) { simulator in
                    #expect(try await simulator.url.hasPrefix("https://127.0.0.1:"))
                    let client = try await Client(simulator, http: trusting)
                    #expect(try await client.get("userAccount").status == 200)
                    await #expect(throws: (any Error).self) {
                        try await Client(simulator, timeout: .milliseconds(500))
                    }
                }
            }
        }
    }

    @Test("The error for an unreadable certificate names the file")
    func unusable() async throws {
        var configuration = SimulatorConfiguration()
        configuration.certificate = .init(certificatePath: "/nowhere/certificate.pem", keyPath: "/nowhere/key.pem")
        let simulator = try TCCSimulator(configuration: configuration)
        let error = await #expect(throws: SimulatorError.self) { try await simulator.run() }
        #expect(error?.description.contains("/nowhere/certificate.pem") == true)
    }
}
