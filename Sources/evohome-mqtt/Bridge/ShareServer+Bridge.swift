import Basics
import BridgeCore
import BridgeServices
import CloudSharing
import HeatingModel
import Logging
import NIOSSL
import SystemPackage

extension ShareServer {
    /// Shares a bridge.
    ///
    /// - Returns: `nil` if `share.listen` is off.
    /// - Throws: ``Failure`` if the certificate or its key cannot be used.
    init?(
        _ settings: Settings,
        account: CloudAccount,
        bridge: ShareBridge,
        counts: ShareCounts?,
        clock: any WallClock,
        logger: Logger
    ) throws {
        let share = settings.share
        guard let address = share.listen, let password = share.password, let answers = account.answers, let counts
        else { return nil }
        self.init(
            host: address.endpoint.host,
            port: address.endpoint.port,
            tls: try share.tls,
            access: Access(username: share.username, password: password, isWritable: share.writes),
            answers: answers,
            bridge: bridge,
            grants: BridgeGrants(state: account.state, base: settings.mqtt.baseTopic),
            counts: counts,
            hasAPIv1: account.sessions != nil,
            clock: clock,
            logger: logger
        )
    }
}

extension Settings.Share {
    /// `nil` for plain HTTP.
    fileprivate var tls: TLSConfiguration? {
        get throws {
            guard let certificateFile, let keyFile else { return nil }
            let chain: [NIOSSLCertificate]
            do {
                chain = try NIOSSLCertificate.fromPEMFile(certificateFile.string)
            } catch {
                throw Failure(
                    .configuration,
                    "share.cert_file: \(certificateFile) contains no certificate in PEM format."
                )
            }
            do {
                let key = try NIOSSLPrivateKey(file: keyFile.string, format: .pem)
                return .makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) },
                    privateKey: .privateKey(key)
                )
            } catch {
                throw Failure(.configuration, "share.key_file: \(keyFile) contains no private key in PEM format.")
            }
        }
    }
}

/// The running bridge as other programs see it through the vendor's interface.
struct ShareBridge: SharedBridge {
    let store: SnapshotStore
    let commands: CommandService
    let reader: CloudReader

    var installation: Installation? { store.installation }

    func site(of system: ControlSystemID) -> Site? { store.site(of: system) }

    func readSchedule(of target: Target) async throws(CloudFailure) {
        try await reader.read([.schedule(target)])
    }

    func make(_ call: CloudCall, of target: Target, requested: JSONValue, patience: Duration) async -> CallAnswer {
        await commands.make(call, of: target, requested: requested, patience: patience)
    }

    func state(of task: CommunicationTaskID) -> CommunicationTaskState? { commands.state(of: task) }
}
