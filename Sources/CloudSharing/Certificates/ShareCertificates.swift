import Crypto
public import Foundation
import Glibc
import SwiftASN1
import X509

/// An authority of one's own and the certificate of the share that it has signed, all in PEM format.
public struct ShareCertificates: Sendable {
    /// A certificate and its private key.
    public struct Pair: Equatable, Sendable {
        public var certificate: String
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// Why there is no certificate, in one sentence.
    public struct Problem: Error, Equatable, Sendable {
        public var sentence: String
    }

    /// The names that clients of the cloud ask for, and that of this machine.
    public static let standardNames = ["tccna.resideo.com", "localhost"]

    public let authority: Pair
    public let server: Pair
    /// When the server's certificate expires.
    public let expires: Date

    private static let authorityLifetime = TimeInterval(20 * 365 * 86_400)
    /// The longest that Apple's systems accept.
    private static let serverLifetime = TimeInterval(825 * 86_400)
    /// A client's clock may be behind.
    private static let leeway = TimeInterval(86_400)

    /// - Parameters:
    ///   - names: Host names and addresses beside ``standardNames``.
    ///   - known: The authority to keep; `nil` to make one.
    ///   - now: When the certificates begin to be valid.
    public init(for names: [String], signedBy known: Pair? = nil, at now: Date) throws(Problem) {
        let all = Self.standardNames + names.map { $0.lowercased() }.filter { !Self.standardNames.contains($0) }
        let alternatives = try all.map { name throws(Problem) in try Self.alternative(name) }
        let authority = if let known { known } else { try Self.makeAuthority(at: now) }
        let issuer = try Self.read(authority, at: now)
        let expires = min(now + Self.serverLifetime, issuer.certificate.notValidAfter)
        do {
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let certificate = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: key.publicKey,
                notValidBefore: now - Self.leeway,
                notValidAfter: expires,
                issuer: issuer.certificate.subject,
                subject: DistinguishedName { CommonName("evohome-mqtt share") },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames(alternatives)
                    SubjectKeyIdentifier(hash: key.publicKey)
                    AuthorityKeyIdentifier(
                        keyIdentifier: SubjectKeyIdentifier(hash: issuer.key.publicKey).keyIdentifier
                    )
                },
                issuerPrivateKey: issuer.key
            )
            server = Pair(
                certificate: try certificate.serializeAsPEM().pemString + "\n",
                key: try key.serializeAsPEM().pemString + "\n"
            )
        } catch {
            throw Problem(sentence: "The certificate cannot be made: \(error)")
        }
        self.authority = authority
        self.expires = expires
    }

    private static func makeAuthority(at now: Date) throws(Problem) -> Pair {
        do {
            let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
            let name = try DistinguishedName { CommonName("evohome-mqtt share authority") }
            let certificate = try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: key.publicKey,
                notValidBefore: now - leeway,
                notValidAfter: now + authorityLifetime,
                issuer: name,
                subject: name,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: key.publicKey)
                },
                issuerPrivateKey: key
            )
            return Pair(
                certificate: try certificate.serializeAsPEM().pemString + "\n",
                key: try key.serializeAsPEM().pemString + "\n"
            )
        } catch {
            throw Problem(sentence: "The authority cannot be made: \(error)")
        }
    }

    private static func read(
        _ authority: Pair,
        at now: Date
    ) throws(Problem) -> (certificate: Certificate, key: Certificate.PrivateKey) {
        guard let certificate = try? Certificate(pemEncoded: authority.certificate) else {
            throw Problem(sentence: "ca.pem contains no certificate in PEM format.")
        }
        guard let key = try? Certificate.PrivateKey(pemEncoded: authority.key) else {
            throw Problem(sentence: "ca.key contains no private key in PEM format.")
        }
        guard certificate.publicKey == key.publicKey else {
            throw Problem(sentence: "ca.key is not the private key of ca.pem.")
        }
        guard certificate.notValidAfter > now else {
            throw Problem(sentence: "The authority in ca.pem has expired: remove ca.pem and ca.key to make another.")
        }
        return (certificate, key)
    }

    private static func alternative(_ name: String) throws(Problem) -> GeneralName {
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: length)
            if inet_pton(family, name, &bytes) == 1 { return .ipAddress(ASN1OctetString(contentBytes: bytes[...])) }
        }
        guard name.utf8.count <= 253,
            name.wholeMatch(of: /[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/) != nil
        else { throw Problem(sentence: "\(name.debugDescription) is not a host name or an IP address.") }
        return .dnsName(name)
    }
}
