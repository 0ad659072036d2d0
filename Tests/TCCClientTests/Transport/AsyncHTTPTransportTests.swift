import AsyncHTTPClient
import Basics
import Foundation
import HTTPTypes
import NIOCore
import NIOSSL
import TestSupport
import Testing

@testable import TCCClient

@Suite("Failures of real connections", .timeLimit(.minutes(2)), .serialized)
struct AsyncHTTPTransportTests {
    @Test(
        "A certificate that is not accepted says why",
        .enabled(if: FileManager.default.isExecutableFile(atPath: CertificateAuthority.openssl), "openssl is missing"),
        arguments: [
            ("localhost", -1..<30, true, nil), ("localhost", -30..<(-1), true, .certificateExpired),
            ("localhost", 1..<30, true, .certificateNotValidYet),
            ("cloud.example", -1..<30, true, .certificateForAnotherHost),
            ("localhost", -1..<30, false, .certificateNotTrusted),
        ] as [(String, Range<Int>, Bool, ConnectionProblem?)]
    )
    func certificates(name: String, days: Range<Int>, isTrusted: Bool, problem: ConnectionProblem?) async throws {
        let authority = try CertificateAuthority()
        defer { authority.remove() }
        let port = try freePort()
        let server = try authority.serve(try authority.issue(for: name, days: days), on: port)
        defer { server.terminate() }
        try await waitForServer(on: port)
        let failure = try await failure(
            "https://localhost:\(port)",
            trusting: isTrusted ? authority.certificate : nil
        )
        #expect(failure == problem.map(TransportFailure.notSent))
        let certificate = try #require(
            try await CertificateInspector()
                .certificate(of: CloudAddress(scheme: "https", authority: "localhost:\(port)"))
        )
        let end = SystemClock().now + .seconds(days.upperBound * 86_400)
        #expect(abs(certificate.ends.duration(to: end) / .seconds(1)) < 60)
        #expect(certificate.host == "localhost")
    }

    @Test("A refused port")
    func refused() async throws {
        #expect(try await failure("http://127.0.0.1:\(try freePort())") == .notSent(.refused))
        #expect(try await failure("https://localhost:\(try freePort())") == .notSent(.refused))
    }

    @Test("A name that does not exist")
    func name() async throws {
        #expect(try await failure("https://no-such-host.invalid") == .notSent(.nameUnknown))
    }

    @Test("A server without TLS, one that closes during the handshake, one that resets it, and one that never answers")
    func handshakes() async throws {
        let plain = try ScriptedPeer { peer in
            _ = peer.read()
            peer.write(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
            _ = peer.read()
        }
        defer { plain.stop() }
        #expect(try await failure("https://localhost:\(plain.port)") == .notSent(.notTLS))
        let closing = try ScriptedPeer { peer in _ = peer.read() }
        defer { closing.stop() }
        #expect(try await failure("https://localhost:\(closing.port)") == .notSent(.closed))
        let resetting = try ScriptedPeer { _ in }
        defer { resetting.stop() }
        #expect(try await failure("https://localhost:\(resetting.port)") == .notSent(.closed))
        let silent = try ScriptedPeer { peer in while !peer.read().isEmpty {} }
        defer { silent.stop() }
        #expect(try await failure("https://localhost:\(silent.port)") == .notSent(.timedOut))
    }

    @Test("A black hole: nobody answers, on the network or above it")
    func blackHole() async throws {
        let silent = try ScriptedPeer { peer in while !peer.read().isEmpty {} }
        defer { silent.stop() }
        #expect(try await failure("http://127.0.0.1:\(silent.port)", timeout: .milliseconds(500)) == .timedOut)
        // A full backlog lets packets disappear.
        let full = try TCPSocket.listening(on: 0, backlog: 0)
        let (port, fillers) = (full.port, Fillers())
        for _ in 0..<3 { fillers.fill(port) }
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await failure("http://127.0.0.1:\(port)") == .notSent(.timedOut))
        full.shutDown()
    }

    @Test("A connection that ends before or within the answer")
    func cut() async throws {
        for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"] {
            let peer = try ScriptedPeer { peer in
                _ = peer.read()
                peer.write(Array(answer.utf8))
            }
            defer { peer.stop() }
            #expect(try await failure("http://127.0.0.1:\(peer.port)") == .cut)
        }
    }

    @Test(
        "A proxy that refuses, needs a login or is not there",
        arguments: [("403 Forbidden", .proxyRefused), ("407 Login", .proxyNeedsLogin)] as [(String, ConnectionProblem)]
    )
    func proxy(answer: String, problem: ConnectionProblem) async throws {
        let peer = try ScriptedPeer { peer in
            _ = peer.read()
            peer.write(Array("HTTP/1.1 \(answer)\r\ncontent-length: 0\r\n\r\n".utf8))
        }
        defer { peer.stop() }
        let proxy = try CloudProxy(environment: ["HTTPS_PROXY": "localhost:\(peer.port)"], for: .vendor)
        #expect(try await failure("https://cloud.invalid", through: proxy) == .notSent(problem))
        let gone = try CloudProxy(environment: ["HTTPS_PROXY": "localhost:\(try freePort())"], for: .vendor)
        #expect(try await failure("https://cloud.invalid", through: gone) == .notSent(.proxyUnreachable))
    }

    // MARK: - What the tests are made of

    private func failure(
        _ url: String,
        trusting authority: URL? = nil,
        timeout: Duration = .seconds(20),
        through proxy: CloudProxy? = nil
    ) async throws -> TransportFailure? {
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.proxy = proxy?.clientSetting
        if let authority {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority.path))
            configuration.tlsConfiguration = tls
        }
        let transport = AsyncHTTPTransport(configuration: configuration, timeout: timeout)
        let parts = url.split(separator: "://").map(String.init)
        let request = HTTPRequest(method: .get, scheme: parts[0], authority: parts[1], path: "/")
        var failure: TransportFailure?
        do throws(TransportFailure) {
            _ = try await transport.send(request, body: nil, limit: 1 << 20)
        } catch {
            failure = error
        }
        await transport.shutDown()
        return failure
    }

    private func waitForServer(on port: Int) async throws {
        for _ in 0..<500 {
            if (try? TCPSocket.connected(to: port)) != nil { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("openssl s_server does not listen")
    }
}

/// Connections that fill the backlog of a listener.
private final class Fillers: Sendable {
    func fill(_ port: Int) {
        Thread.detachNewThread {
            let socket = try? TCPSocket.connected(to: port)
            Thread.sleep(forTimeInterval: 10)
            socket?.shutDown()
        }
    }
}
