public import Basics
public import HTTPTypes
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

    private let transport: any HTTPTransport
    private let addresses: [CloudAddress]
    private let clock: any WallClock
    private let state = Mutex(State())

    /// How long a fallback is used before the first address is tried again.
    private static let stay = Duration.seconds(15 * 60)

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - first: The address that requests are made for.
    ///   - fallbacks: Other addresses of the same cloud, in the order in which they are tried.
    ///   - clock: Measures elapsed time.
    public init(
        _ transport: any HTTPTransport,
        first: CloudAddress,
        fallbacks: [CloudAddress],
        clock: any WallClock
    ) {
        self.transport = transport
        self.clock = clock
        addresses = [first] + fallbacks
    }

    /// The address that answered last.
    public var inUse: CloudAddress { addresses[state.withLock { $0.index }] }

    public func send(_ request: HTTPRequest, body: [UInt8]?, limit: Int) async throws(TransportFailure) -> HTTPAnswer {
        let start = start()
        var failure = TransportFailure.notSent(.other)
        for offset in addresses.indices {
            let index = (start + offset) % addresses.count
            do throws(TransportFailure) {
                let answer = try await transport.send(readdressed(request, to: index), body: body, limit: limit)
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
        state.withLock { state in
            guard state.index != index || state.retriesFirst <= now else { return }
            state = State(index: index, retriesFirst: index == 0 ? now : now + Self.stay)
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
