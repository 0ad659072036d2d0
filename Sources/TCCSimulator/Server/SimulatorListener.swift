import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// One socket of a simulator.
struct SimulatorListener<Responder: HTTPResponder> where Responder.Context == ConnectionContext {
    private let application: Application<Responder>

    /// - Throws: ``SimulatorError/unusableCertificate(path:reason:)``.
    init(
        _ address: SimulatorConfiguration.Address,
        certificate: SimulatorConfiguration.Certificate?,
        responder: Responder,
        logger: Logger,
        onListening: @escaping @Sendable (SimulatorConfiguration.Address) -> Void
    ) throws {
        var quiet = logger
        // The library's own notices of a start would repeat ours.
        quiet.logLevel = max(logger.logLevel, .warning)
        application = Application(
            responder: responder,
            server: try Self.server(certificate),
            configuration: ApplicationConfiguration(address: .hostname(address.host, port: address.port)),
            onServerRunning: { channel in
                onListening(.init(host: address.host, port: channel.localAddress?.port ?? address.port))
            },
            logger: quiet
        )
    }

    func run() async throws {
        try await application.run()
    }

    private static func server(_ certificate: SimulatorConfiguration.Certificate?) throws -> HTTPServerBuilder {
        guard let certificate else { return .http1() }
        var path = certificate.certificatePath
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(path)
            path = certificate.keyPath
            let key = try NIOSSLPrivateKey(file: path, format: .pem)
            let tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            return try .tls(.http1(), tlsConfiguration: tls)
        } catch {
            throw SimulatorError.unusableCertificate(path: path, reason: "\(error)")
        }
    }
}

/// The context of a request with its connection, so that a fault can close it.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// An address that can be awaited until a listener is bound.
final class BoundAddress: Sendable {
    private typealias Waiter = CheckedContinuation<SimulatorConfiguration.Address, any Error>

    private enum State {
        case unbound(waiters: [Int: Waiter], next: Int)
        case bound(SimulatorConfiguration.Address)
        case failed
    }

    private let state = Mutex(State.unbound(waiters: [:], next: 0))

    func resolve(_ address: SimulatorConfiguration.Address) {
        for waiter in settle(.bound(address)) { waiter.resume(returning: address) }
    }

    /// The listener has ended, and its address is no longer valid.
    func fail() {
        for waiter in settle(.failed) { waiter.resume(throwing: SimulatorError.notRunning) }
    }

    private func settle(_ new: State) -> [Waiter] {
        state.withLock { state in
            let old = state
            state = new
            if case .unbound(let waiters, _) = old { return Array(waiters.values) }
            return []
        }
    }

    var value: SimulatorConfiguration.Address {
        get async throws {
            let id = state.withLock { state in
                guard case .unbound(let waiters, let next) = state else { return 0 }
                state = .unbound(waiters: waiters, next: next + 1)
                return next
            }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { wait($0, id) }
            } onCancel: {
                cancel(id)
            }
        }
    }

    private func wait(_ waiter: Waiter, _ id: Int) {
        let result: Result<SimulatorConfiguration.Address, any Error>? = state.withLock { state in
            switch state {
            // The task was cancelled before it waited, and its cancellation handler found no waiter.
            case .unbound where Task.isCancelled: return .failure(CancellationError())
            case .unbound(var waiters, let next):
                waiters[id] = waiter
                state = .unbound(waiters: waiters, next: next)
                return nil
            case .bound(let address): return .success(address)
            case .failed: return .failure(SimulatorError.notRunning)
            }
        }
        if let result { waiter.resume(with: result) }
    }

    private func cancel(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard case .unbound(var waiters, let next) = state else { return nil }
            let waiter = waiters.removeValue(forKey: id)
            state = .unbound(waiters: waiters, next: next)
            return waiter
        }
        waiter?.resume(throwing: CancellationError())
    }
}
