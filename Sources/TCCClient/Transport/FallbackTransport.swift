public import Basics
public import HTTPTypes
public import Logging
import Synchronization

/// A transport to a cloud that has several addresses.
///
/// A request goes to the next address only if it was certainly not sent: name, connection or TLS failed. After an answer,
/// whatever it says, and after a timeout nothing is sent again, so a login is never tried twice.
public final class FallbackTransport: HTTPTransport {
    private struct State {
        var index = 0
        /// When the first address is tried again.
        var retriesFirst = Uptime.start
    }

    private let addresses: [CloudAddress]
    private let transports: [any HTTPTransport]
    private let clock: any WallClock
    private let logger: Logger
    private let state = Mutex(State())

    /// How long a fallback is used before the first address is tried again.
    private static let stay = Duration.seconds(15 * 60)

    /// - Parameters:
    ///   - ways: The addresses in the order in which they are tried, each with what sends requests to it. Requests are made
    ///     for the first one.
    ///   - clock: Measures elapsed time.
    ///   - logger: Says which address is in use when that changes.
    public init(
        _ ways: [(address: CloudAddress, transport: any HTTPTransport)],
        clock: any WallClock,
        logger: Logger
    ) {
        self.clock = clock
        self.logger = logger
        addresses = ways.map(\.address)
        transports = ways.map(\.transport)
    }

    /// The address that answered last.
    public var inUse: CloudAddress { addresses[state.withLock { $0.index }] }

    public func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        let start = start()
        var failure = TransportFailure.notSent(.other)
        for offset in addresses.indices {
            let index = (start + offset) % addresses.count
            do throws(TransportFailure) {
                let answer = try await transports[index].send(readdressed(request, to: index), body: body, limit: limit)
                reached(index)
                return answer
            } catch {
                switch error {
                // The address that should have answered says most about what is wrong.
                case .notSent: if offset == 0 { failure = error }
                case .timedOut, .cut, .tooLarge:
                    reached(index)
                    throw error
                case .cancelled: throw error
                }
            }
        }
        throw failure
    }

    private func start() -> Int {
        let now = clock.uptime
        return state.withLock { $0.retriesFirst <= now ? 0 : $0.index }
    }

    private func reached(_ index: Int) {
        let now = clock.uptime
        let hasChanged = state.withLock { state in
            guard state.index != index || state.retriesFirst <= now else { return false }
            defer { state = State(index: index, retriesFirst: index == 0 ? now : now + Self.stay) }
            return state.index != index
        }
        guard hasChanged else { return }
        if index == 0 {
            logger.notice("The cloud can be reached at its first address again", metadata: ["address": "\(inUse)"])
        } else {
            logger.warning("Using another address of the cloud", metadata: ["address": "\(inUse)"])
        }
    }

    private func readdressed(_ request: HTTPRequest, to index: Int) -> HTTPRequest {
        let (first, address) = (addresses[0], addresses[index])
        var request = request
        request.scheme = address.scheme
        request.authority = address.authority
        request.path = request.path.map { address.prefix + $0.dropFirst(first.prefix.count) }
        return request
    }
}
