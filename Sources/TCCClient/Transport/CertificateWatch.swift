public import Basics
public import Logging
public import Observability
import Synchronization

/// Looks once a day when the cloud's certificate expires, and warns from 14 days before.
public final class CertificateWatch: Sendable {
    private let inspector: CertificateInspector
    private let address: @Sendable () -> CloudAddress
    private let clock: any WallClock
    private let logger: Logger
    private let seen = Mutex<CloudCertificate?>(nil)

    /// - Parameters:
    ///   - inspector: Reads the certificate.
    ///   - address: The address of the cloud that is in use when it is called.
    ///   - clock: The wall clock.
    ///   - logger: Gets the warning.
    public init(
        inspector: CertificateInspector = CertificateInspector(),
        address: @escaping @Sendable () -> CloudAddress,
        clock: any WallClock,
        logger: Logger
    ) {
        self.inspector = inspector
        self.address = address
        self.clock = clock
        self.logger = logger
    }

    /// The certificate that was seen last; `nil` before the first look and for an address without TLS.
    public var certificate: CloudCertificate? { seen.withLock { $0 } }

    /// Runs until it is cancelled.
    public func run() async {
        while !Task.isCancelled {
            let isRead = await look()
            do {
                try await clock.sleep(for: isRead ? .seconds(86_400) : .seconds(3600))
            } catch {
                return
            }
        }
    }

    /// - Returns: Whether the certificate, or that there is none, is known now. A failure is reported by the requests
    ///   that meet it, too, so it is not logged here.
    @discardableResult
    public func look() async -> Bool {
        do throws(ConnectionProblem) {
            let certificate = try await inspector.certificate(of: address())
            seen.withLock { $0 = certificate }
            if let warning = certificate?.warning(at: clock.now) { logger.warning("\(warning)") }
            return true
        } catch {
            return false
        }
    }
}

extension CertificateWatch: MetricSource {
    public var metrics: [MetricFamily] {
        [
            .gauge(
                "evohome_cloud_certificate_expiry_timestamp_seconds",
                "When the certificate of the cloud expires, in seconds since 1970.",
                certificate?.ends.secondsSince1970
            )
        ]
    }
}
