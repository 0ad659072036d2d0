import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Why no connection could be made, so that nothing was sent.
public enum ConnectionProblem: Error, Hashable, Sendable, CaseIterable {
    case nameUnknown
    case refused
    case noRoute
    case timedOut
    case certificateExpired
    case certificateNotValidYet
    case certificateForAnotherHost
    case certificateNotTrusted
    case notTLS
    case handshakeFailed
    /// During the TLS handshake.
    case closed
    case proxyNeedsLogin
    case proxyRefused
    case proxyUnreachable
    case other

    /// The rest of a sentence about the host.
    var phrase: String {
        switch self {
        case .nameUnknown: "its name is not known (DNS)"
        case .refused: "the connection was refused"
        case .noRoute: "there is no route to it; check the network"
        case .timedOut: "the connection timed out"
        case .certificateExpired: "its certificate has expired"
        case .certificateNotValidYet: "its certificate is not valid yet; is the clock right?"
        case .certificateForAnotherHost: "its certificate is for another host"
        case .certificateNotTrusted: "its certificate is from an authority that is not trusted"
        case .notTLS: "the answer was not TLS; check address and port"
        case .handshakeFailed: "the TLS handshake failed"
        case .closed: "the connection was closed during the TLS handshake"
        case .proxyNeedsLogin: "the proxy needs a user name and a password"
        case .proxyRefused: "the proxy refused the connection"
        case .proxyUnreachable: "the proxy cannot be reached"
        case .other: "the connection failed"
        }
    }
}

extension ConnectionProblem {
    /// What an error from before any request means.
    ///
    /// - Parameter host: The host that was called: an error that names another one is about a proxy.
    /// - Returns: `nil` for an error that says nothing of the kind; something may have been sent then.
    init?(_ error: any Error, host: String) {
        switch error {
        case let problem as ConnectionProblem: self = problem
        case let error as HTTPClientError: self.init(error)
        case let error as NIOConnectionError:
            guard error.host == host else {
                self = .proxyUnreachable
                return
            }
            let problems = error.connectionErrors.map { ConnectionProblem(socketError: $0.error) }
            // Of several addresses, one that refused tells more than one without a route.
            self =
                [.refused, .timedOut, .noRoute].first(where: problems.contains)
                ?? problems.first ?? (error.dnsAError ?? error.dnsAAAAError == nil ? .other : .nameUnknown)
        case is SocketAddressError, is SocketAddressError.UnknownHost: self = .nameUnknown
        case let error as NIOSSLError: self.init(error)
        case let error as NIOSSLExtraError:
            self = error == .failedToValidateHostname ? .certificateForAnotherHost : .handshakeFailed
        case is IOError, is ChannelError:
            let problem = ConnectionProblem(socketError: error)
            // On a connection that was in use a socket has other errors.
            guard problem != .other else { return nil }
            self = problem
        default: return nil
        }
    }

    private init?(_ error: HTTPClientError) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout: self = .timedOut
        case .httpProxyHandshakeTimeout, .socksHandshakeTimeout: self = .proxyUnreachable
        case .proxyAuthenticationRequired: self = .proxyNeedsLogin
        case .invalidProxyResponse: self = .proxyRefused
        default: return nil
        }
    }

    private init(socketError error: any Error) {
        if case .connectTimeout? = error as? ChannelError {
            self = .timedOut
            return
        }
        self =
            switch (error as? IOError)?.errnoCode {
            case ECONNREFUSED?: .refused
            case EHOSTUNREACH?, ENETUNREACH?, ENETDOWN?, EADDRNOTAVAIL?: .noRoute
            case ETIMEDOUT?: .timedOut
            default: .other
            }
    }

    /// BoringSSL says what went wrong by names in a text only; they are the same in every version of it.
    private init?(_ error: NIOSSLError) {
        switch error {
        case .handshakeFailed(.sslError(let stack)):
            let text = stack.map(\.description).joined(separator: " ")
            if text.contains("CERTIFICATE_VERIFY_FAILED") {
                self = .certificateNotTrusted
            } else if stack.contains(.eofDuringHandshake) {
                self = .closed
            } else if Self.signsOfOtherProtocols.contains(where: text.contains) {
                self = .notTLS
            } else {
                self = .handshakeFailed
            }
        case .handshakeFailed(.syscallError), .handshakeFailed(.zeroReturn): self = .closed
        case .unableToValidateCertificate, .noCertificateToValidate: self = .certificateNotTrusted
        case .handshakeFailed: self = .handshakeFailed
        default: return nil
        }
    }

    private static let signsOfOtherProtocols = [
        "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "UNEXPECTED_RECORD", "INVALID_OUTER_RECORD_TYPE",
    ]
}
