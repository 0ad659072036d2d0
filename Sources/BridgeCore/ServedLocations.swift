import Basics
public import HeatingModel

/// The locations that the bridge serves, out of all that the account has.
public struct ServedLocations: Equatable, Sendable {
    /// The installation with the served locations alone.
    public let installation: Installation
    /// Why less is served than was asked for, in one sentence; `nil` if all is well.
    public let problem: String?

    /// Whether there is no control system to serve.
    public var isEmpty: Bool { installation.systems.isEmpty }

    /// - Parameters:
    ///   - words: Ids, names in any case, or names as in topics; empty for all locations.
    ///   - account: Everything that the account has.
    public init(_ words: [String], of account: Installation) {
        var served = account
        var unmatched: [String] = []
        if !words.isEmpty {
            let meant = TargetFinder.locations(called: words, in: account)
            unmatched = zip(words, meant).filter(\.1.isEmpty).map(\.0)
            let wanted = Set(meant.joined())
            served.locations.removeAll { !wanted.contains($0.id) }
        }
        installation = served
        problem = Self.problem(unmatched: unmatched, served: served, account: account)
    }

    private static func problem(unmatched: [String], served: Installation, account: Installation) -> String? {
        guard !account.locations.isEmpty else { return "The account has no locations." }
        if !unmatched.isEmpty {
            let known = account.locations.map { "\($0.name) (\($0.id))" }.listing
            return "cloud.locations: no location matches \(unmatched.map { "\"\($0.excerpt)\"" }.listing); "
                + "the account has: \(known)."
        }
        let empty = served.locations.filter(\.systems.isEmpty)
        guard empty.count == served.locations.count else { return nil }
        return "There is nothing to serve: \(empty.map(\.name).listing) \(empty.count == 1 ? "has" : "have") "
            + "no control system."
    }
}
