public import Foundation

/// What a simulator is to be.
public struct SimulatorConfiguration: Sendable {
    /// An address to listen on.
    public struct Address: Sendable, Hashable, CustomStringConvertible {
        /// A name or an address.
        public var host: String
        /// 0 takes a free one.
        public var port: Int

        /// - Parameters:
        ///   - host: a name or an address.
        ///   - port: 0 to 65 535; 0 takes a free one.
        public init(host: String = "127.0.0.1", port: Int = 0) {
            (self.host, self.port) = (host, port)
        }

        /// `host:port`.
        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Files of a TLS server, in PEM.
    public struct Certificate: Sendable, Hashable {
        /// The chain, the server's own certificate first.
        public var certificatePath: String
        /// The private key.
        public var keyPath: String

        /// - Parameters:
        ///   - certificatePath: the chain in PEM, the server's own certificate first.
        ///   - keyPath: the private key in PEM.
        public init(certificatePath: String, keyPath: String) {
            (self.certificatePath, self.keyPath) = (certificatePath, keyPath)
        }
    }

    /// Where the cloud listens; loopback and a free port unless told otherwise.
    public var listen = Address()
    /// Where the control port listens; nil for none.
    public var control: Address?
    /// TLS for the cloud; nil for plain HTTP. The control port is plain in any case.
    public var certificate: Certificate?
    /// The homes of the account, in order. The account is that of the first; ids that clash are replaced.
    public var homes: [HomeSource] = [.builtIn("house")]
    /// How often each location is there, for load; 1 or more.
    public var copies = 1
    /// The user name that is let in, in any case.
    public var username = "user@example.com"
    /// The password that is let in.
    public var password = "password"
    /// How long an access token is good, in wall-clock time.
    public var tokenLifetime: Duration = .seconds(1_799)
    /// How long an unused refresh token is good, in wall-clock time.
    public var refreshTokenLifetime: Duration = .seconds(48 * 3_600)
    /// How many logins are let through; both APIs share it.
    public var loginLimit = LoginLimit.vendor
    /// How much faster than the wall clock the homes' clock runs, 1 to 3 600. Tokens and logins do not.
    public var speed = 1.0
    /// What time it is in the homes at the start; nil for the clock's.
    public var startTime: Date?
    /// How long a task takes, on the homes' clock.
    public var taskDuration: ClosedRange<Duration> = .seconds(3)...(.seconds(5))
    /// How long it takes until the status shows what a task has done, on the homes' clock.
    public var visibilityDelay: ClosedRange<Duration> = .seconds(1)...(.seconds(3))
    /// What all chance in the homes is drawn from; the same seed gives the same weather and the same tasks.
    public var seed: UInt64 = 1

    /// The default: one built-in home on a free port of loopback.
    public init() {}

    /// - Throws: ``SimulatorError/invalidSetting(_:)`` with a sentence that says what is allowed.
    func validate() throws(SimulatorError) {
        guard (1...3_600).contains(speed) else {
            throw .invalidSetting("A speed of \(speed) is not possible: from 1 to 3600.")
        }
        guard copies >= 1 else { throw .invalidSetting("\(copies) copies are not possible: 1 or more.") }
        guard tokenLifetime >= .seconds(1), refreshTokenLifetime >= .seconds(1) else {
            throw .invalidSetting("A token lives for a second at the least.")
        }
        guard taskDuration.lowerBound >= .zero, visibilityDelay.lowerBound >= .zero else {
            throw .invalidSetting("A task cannot take less than no time.")
        }
        guard !homes.isEmpty else { throw .invalidSetting("A simulator needs a home.") }
    }
}
