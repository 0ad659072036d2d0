public import Basics
public import Foundation
import Synchronization

/// The cloud's last answers as it sent them, each once. They are kept in memory; those that a warm restart needs are in
/// the state file as well.
public final class VendorAnswers: Sendable {
    /// What is kept over a restart.
    public struct Documents: Codable, Equatable, Sendable {
        public var account: String
        public var installation: String
        /// The account as API v1 shows it; `nil` if that is not used.
        public var accountV1: String?
    }

    /// An answer, and when it came.
    struct Answer: Sendable {
        let bytes: [UInt8]
        let read: Uptime
    }

    /// Whose schedule it is.
    struct Owner: Hashable {
        let kind: VendorPath.Kind
        let id: String
    }

    private struct State {
        var account: Answer?
        var installation: Answer?
        var statuses: [String: Answer] = [:]
        var schedules: [Owner: Answer] = [:]
        var scheduleBytes = 0
        var accountV1: Answer?
        var locationsV1: Answer?
    }

    /// An installation that is larger is read again at a restart, rather than written to the state file at each refresh.
    private static let largestDocument = 4 << 20
    /// Schedules beyond this are made from what is known of them.
    private static let mostScheduleBytes = 4 << 20

    private let clock: any WallClock
    private let state = Mutex(State())

    public init(clock: any WallClock) {
        self.clock = clock
    }

    /// Keeps an answer.
    ///
    /// - Parameters:
    ///   - path: Of the request, with its query.
    ///   - body: Valid JSON.
    public func keep(_ body: Data, from path: String) {
        let path = path.prefix { $0 != "?" }
        let answer = Answer(bytes: Array(body), read: clock.uptime)
        let lowercase = path.lowercased()
        if lowercase.hasPrefix(VendorPath.base) {
            guard let resource = VendorPath(path.dropFirst(VendorPath.base.count)) else { return }
            keep(answer, of: resource)
        } else if lowercase.hasPrefix(VendorPathV1.base) {
            guard let resource = VendorPathV1(path.dropFirst(VendorPathV1.base.count)) else { return }
            keep(answer, of: resource)
        }
    }

    private func keep(_ answer: Answer, of resource: VendorPath) {
        state.withLock { state in
            switch resource {
            case .account: state.account = answer
            case .installation:
                state.installation = answer
                let ids = Set(JSONSlice(answer.bytes)?.elements.compactMap(\.locationID) ?? [])
                state.statuses = state.statuses.filter { ids.contains($0.key) }
            case .entity(.location, let id, .status): state.statuses[id] = answer
            case .entity(let kind, let id, .schedule):
                let owner = Owner(kind: kind, id: id)
                state.scheduleBytes -= state.schedules.removeValue(forKey: owner)?.bytes.count ?? 0
                guard state.scheduleBytes + answer.bytes.count <= Self.mostScheduleBytes else { return }
                state.scheduleBytes += answer.bytes.count
                state.schedules[owner] = answer
            case .gateways, .task, .entity: break
            }
        }
    }

    private func keep(_ answer: Answer, of resource: VendorPathV1) {
        switch resource {
        case .account: state.withLock { $0.accountV1 = answer }
        case .session:
            // The same account as in `accountInfo`; the session beside it is not kept.
            guard let user = JSONSlice(answer.bytes)?["userInfo"] else { return }
            let account = Answer(bytes: Array(user.bytes), read: answer.read)
            state.withLock { $0.accountV1 = account }
        case .locations: state.withLock { $0.locationsV1 = answer }
        case .devices, .device, .systems, .task: break
        }
    }

    var account: Answer? { state.withLock(\.account) }
    var installation: Answer? { state.withLock(\.installation) }
    var accountV1: Answer? { state.withLock(\.accountV1) }
    var locationsV1: Answer? { state.withLock(\.locationsV1) }
    func status(of location: String) -> Answer? { state.withLock { $0.statuses[location] } }
    func schedule(of owner: Owner) -> Answer? { state.withLock { $0.schedules[owner] } }
}

// MARK: - Over a restart

extension VendorAnswers {
    /// For the state file; `nil` until both are known, and for an installation that is very large.
    public var documents: Documents? {
        let (account, installation, accountV1) = state.withLock { ($0.account, $0.installation, $0.accountV1) }
        guard let account, let installation, installation.bytes.count <= Self.largestDocument else { return nil }
        return Documents(
            account: String(decoding: account.bytes, as: UTF8.self),
            installation: String(decoding: installation.bytes, as: UTF8.self),
            accountV1: accountV1.map { String(decoding: $0.bytes, as: UTF8.self) }
        )
    }

    /// Whether account and installation are known.
    public var isComplete: Bool { state.withLock { $0.account != nil && $0.installation != nil } }

    /// Takes what an earlier run has kept.
    public func restore(_ documents: Documents) {
        let now = clock.uptime
        func answer(_ text: String) -> Answer { Answer(bytes: Array(text.utf8), read: now) }
        state.withLock { state in
            state.account = answer(documents.account)
            state.installation = answer(documents.installation)
            state.accountV1 = documents.accountV1.map(answer)
        }
    }

    /// How many bytes are kept.
    var size: Int {
        state.withLock { state in
            let single = [state.account, state.installation, state.accountV1, state.locationsV1].compactMap(\.self)
            return (single + state.statuses.values).map(\.bytes.count).reduce(state.scheduleBytes, +)
        }
    }
}

extension JSONSlice {
    /// The id of a location of the installation.
    var locationID: String? { self["locationInfo"]?["locationId"]?.plainText }
}
