public import Basics

/// Who has given wrong passwords within the last minute, so that guessing takes years.
public struct WrongPasswords: Sendable {
    private static let window = Duration.seconds(60)
    package static let maximumPeers = 1_024

    /// Whose guesses are counted together. Beyond the bound of the table all others share one count: whoever has many
    /// addresses gets no further with them.
    private enum Guesser: Hashable, Sendable {
        case network(NetworkAddress)
        case others
    }

    private let limit: Int
    private var times: [Guesser: [Uptime]] = [:]

    /// - Parameter limit: How many a peer may give in a minute.
    public init(limit: Int) {
        self.limit = limit
    }

    package var peerCount: Int { times.count }

    /// - Returns: How long a peer must wait before its next try; `nil` if it may try now.
    public mutating func wait(for peer: NetworkAddress?, at now: Uptime) -> Duration? {
        let guesser = guesser(for: peer, at: now)
        let recent = times[guesser, default: []].filter { $0.duration(to: now) < Self.window }
        guard recent.count >= limit, let oldest = recent.first else { return nil }
        return Self.window - oldest.duration(to: now)
    }

    public mutating func record(_ peer: NetworkAddress?, at now: Uptime) {
        let guesser = guesser(for: peer, at: now)
        let recent = times[guesser, default: []].filter { $0.duration(to: now) < Self.window }
        times[guesser] = (recent + [now]).suffix(limit)
    }

    private mutating func guesser(for peer: NetworkAddress?, at now: Uptime) -> Guesser {
        guard let peer else { return .others }
        let guesser = Guesser.network(peer.network)
        if times[guesser] != nil { return guesser }
        if times.count >= Self.maximumPeers {
            times = times.filter { $0.value.last.map { $0.duration(to: now) < Self.window } ?? false }
        }
        return times.count < Self.maximumPeers ? guesser : .others
    }
}
