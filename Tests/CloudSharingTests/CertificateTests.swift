import Foundation
import NIOSSL
import Testing

@testable import CloudSharing

@Suite("Certificates for the share")
struct CertificateTests {
    private let now = Date(timeIntervalSince1970: 1_795_500_000)

    @Test(
        "The server's certificate is for the cloud's name, this machine and the names given, and signed by the authority"
    )
    func names() throws {
        let made = try ShareCertificates(for: ["NAS.local", "192.168.1.10", "fd00::1", "localhost"], at: now)
        let certificate = try NIOSSLCertificate(bytes: Array(made.server.certificate.utf8), format: .pem)
        let names = certificate._subjectAlternativeNames().map { String(describing: $0.nameType) }
        #expect(names.count == 5)
        _ = try NIOSSLPrivateKey(bytes: Array(made.server.key.utf8), format: .pem)
        #expect(try openssl(made, host: "tccna.resideo.com"))
        #expect(try openssl(made, host: "nas.local"))
        #expect(try !openssl(made, host: "example.com"))
    }

    @Test("Run again, the authority stays and the server's certificate is another one")
    func renewed() throws {
        let first = try ShareCertificates(for: [], at: now)
        let second = try ShareCertificates(for: ["nas.local"], signedBy: first.authority, at: now + 86_400)
        #expect(second.authority == first.authority)
        #expect(second.server != first.server)
        #expect(second.expires > first.expires)
        #expect(try openssl(second, host: "nas.local"))
    }

    @Test(
        "What is not a name is refused",
        arguments: [
            "", "a b", "https://nas", "nas:8443", "-nas", "nas..local", "*.local", String(repeating: "a", count: 300),
        ]
    )
    func refused(name: String) {
        #expect(throws: ShareCertificates.Problem.self) { try ShareCertificates(for: [name], at: now) }
    }

    @Test("An authority that cannot sign is told from one that can")
    func authority() throws {
        let one = try ShareCertificates(for: [], at: now).authority
        let other = try ShareCertificates(for: [], at: now).authority
        for (certificate, key, late, word) in [
            ("nonsense", one.key, 0.0, "ca.pem"), (one.certificate, "nonsense", 0, "ca.key"),
            (one.certificate, other.key, 0, "not the private key"),
            (one.certificate, one.key, 21 * 365 * 86_400, "expired"),
        ] {
            do throws(ShareCertificates.Problem) {
                _ = try ShareCertificates(
                    for: [],
                    signedBy: .init(certificate: certificate, key: key),
                    at: now + late
                )
                Issue.record("It was taken.")
            } catch {
                #expect(error.sentence.contains(word))
            }
        }
    }

    /// Whether OpenSSL, by its strict rules, trusts the server for a host.
    private func openssl(_ made: ShareCertificates, host: String) throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appending(path: "certificates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (authority, server) = (folder.appending(path: "ca.pem"), folder.appending(path: "server.pem"))
        try Data(made.authority.certificate.utf8).write(to: authority)
        try Data(made.server.certificate.utf8).write(to: server)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = [
            "verify", "-x509_strict", "-attime", "\(Int(now.timeIntervalSince1970) + 86_401)", "-purpose", "sslserver",
            "-verify_hostname", host, "-CAfile", authority.path(), server.path(),
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
