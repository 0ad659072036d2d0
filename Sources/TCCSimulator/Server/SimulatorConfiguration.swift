public import Foundation

/// What to simulate, and where to listen.
public struct SimulatorConfiguration: Sendable {
    /// An address to listen on.
    public struct Address: Sendable, Hashable, CustomStringConvertible {
        /// A name or an IP address.
        public var host: String
        /// 0 for a free one.
        public var port: Int

        /// - Parameters:
        ///   - host: A name or an IP address.
        ///   - port: 0 to 65,535; 0 for a free one.
        public init(host: String = "127.0.0.1", port: Int = 0) {
            (self.host, self.port) = (host, port)
        }

        /// `host:port`.
        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// The files of a TLS server, in PEM.
    public struct Certificate: Sendable, Hashable {
        /// The chain, with the server's own certificate first.
        public var certificatePath: String
        /// The private key.
        public var keyPath: String

        /// - Parameters:
        ///   - certificatePath: The chain in PEM, with the server's own certificate first.
        ///   - keyPath: The private key in PEM.
        public init(certificatePath: String, keyPath: String) {
            (self.certificatePath, self.keyPath) = (certificatePath, keyPath)
        }
    }

    /// Where the cloud listens; by default on a free port of loopback.
    public var listen = Address()
    /// Where the control port listens; `nil` for no control port.
    public var control: Address?
    /// TLS for the cloud; `nil` for plain HTTP. The control port never uses TLS.
    public var certificate: Certificate?
    /// The homes of an account, in order. The account is that of the first home; ids that clash are replaced.
    public var homes: [HomeSource] = [.builtIn("house")]
    /// How many copies of each location an account has, for load tests; at least 1.
    public var copies = 1
    /// How many accounts there are; at least 1. Each has homes of its own, with ids of their own.
    public var accounts = 1
    /// The user name that is accepted; it is not case-sensitive. Further accounts have a number before the `@`, such as
    /// `user2@example.com`.
    public var username = "user@example.com"
    /// The password that is accepted.
    public var password = "password"
    /// How long an access token is valid, in wall-clock time.
    public var tokenLifetime: Duration = .seconds(1_799)
    /// How long an unused refresh token is valid, in wall-clock time.
    public var refreshTokenLifetime: Duration = .seconds(48 * 3_600)
    /// How many logins an account is allowed; both APIs share the limit.
    public var loginLimit = LoginLimit.vendor
    /// How many times faster than the wall clock the homes' clock runs, 1 to 3,600. It does not affect tokens and logins.
    public var speed = 1.0
    /// The time in the homes at the start; `nil` for the current time.
    public var startTime: Date?
    /// How long a task takes, on the homes' clock.
    public var taskDuration: ClosedRange<Duration> = .seconds(3)...(.seconds(5))
    /// How long it takes until the status shows the effect of a task, on the homes' clock.
    public var visibilityDelay: ClosedRange<Duration> = .seconds(1)...(.seconds(3))
    /// The seed of everything random in the homes: the same seed gives the same weather and task durations.
    public var seed: UInt64 = 1

    /// The default: one built-in home on a free port of loopback.
    public init() {}

    /// - Throws: ``SimulatorError/invalidSetting(_:)``.
    func validate() throws(SimulatorError) {
        guard (1...3_600).contains(speed) else {
            throw .invalidSetting("The speed is \(speed), but has to be from 1 to 3600.")
        }
        guard copies >= 1 else { throw .invalidSetting("The number of copies is \(copies), but has to be at least 1.") }
        guard accounts >= 1 else {
            throw .invalidSetting("The number of accounts is \(accounts), but has to be at least 1.")
        }
        guard tokenLifetime >= .seconds(1), refreshTokenLifetime >= .seconds(1) else {
            throw .invalidSetting("The lifetime of a token has to be at least one second.")
        }
        guard taskDuration.lowerBound >= .zero, visibilityDelay.lowerBound >= .zero else {
            throw .invalidSetting("The duration of a task cannot be negative.")
        }
        guard !homes.isEmpty else { throw .invalidSetting("A simulator needs at least one home.") }
    }
}
