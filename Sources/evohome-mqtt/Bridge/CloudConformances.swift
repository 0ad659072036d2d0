public import BridgeServices
import ServiceLifecycle
public import TCCClient

// The vendor's client has what the loops ask of a cloud; neither module knows the other.

extension TCCClient: Cloud {
    public var surprises: [String] { notUnderstood.counts.keys.sorted() }
}

extension SessionClient: HighPrecisionSource {}

/// Watches the end of the cloud's certificate while the bridge runs.
struct CertificateService: Service {
    let watch: CertificateWatch

    func run() async throws {
        await cancelWhenGracefulShutdown { await watch.run() }
    }
}
