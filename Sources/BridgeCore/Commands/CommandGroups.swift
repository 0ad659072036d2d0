public import Basics

/// Messages for several zones, each of which has a command of its own. Their outcomes are kept until the last one is there.
///
/// A group ends at the latest when its commands expire, and each of its zones has at most two commands in the queue, so
/// that there are never many groups.
public struct CommandGroups: Sendable {
    private struct Group: Sendable {
        /// In order of the commands.
        var zones: [(id: Command.ID, name: String)]
        var ended: [Command.ID: GroupOutcome.Zone] = [:]
    }

    private var groups: [Command.ID: Group] = [:]
    /// For each command that has not ended, the group that it belongs to.
    private var members: [Command.ID: Command.ID] = [:]

    public init() {}

    /// - Parameters:
    ///   - commands: Of one message, before any of them ends.
    ///   - layout: By which the outcome names the zones.
    public mutating func add(_ commands: [Command], in layout: TopicLayout) {
        guard let first = commands.first?.id else { return }
        groups[first] = Group(
            zones: commands.map { ($0.id, layout.topic(of: $0.target)?.topicLevels.last ?? "_") }
        )
        for command in commands { members[command.id] = first }
    }

    /// Whether a command without outcome belongs to a group.
    public func contains(_ id: Command.ID) -> Bool { members[id] != nil }

    /// A command of a group has its outcome.
    ///
    /// - Returns: The outcome of the group if this was the last one.
    public mutating func ended(
        _ id: Command.ID,
        as outcome: Outcome,
        times: CommandTimes,
        at now: Instant
    ) -> GroupOutcome? {
        guard let first = members.removeValue(forKey: id), var group = groups[first],
            let name = group.zones.first(where: { $0.id == id })?.name
        else { return nil }
        group.ended[id] = GroupOutcome.Zone(name: name, outcome: outcome, times: times, at: now)
        groups[first] = group
        guard group.ended.count == group.zones.count else { return nil }
        groups[first] = nil
        return GroupOutcome(zones: group.zones.compactMap { group.ended[$0.id] })
    }
}

/// How a message for several zones ended: one outcome that holds each zone's.
public struct GroupOutcome: Equatable, Sendable {
    public struct Zone: Equatable, Sendable {
        /// As in topics.
        public var name: String
        public var outcome: Outcome
        public var times: CommandTimes
        public var at: Instant

        public init(name: String, outcome: Outcome, times: CommandTimes, at: Instant) {
            self.name = name
            self.outcome = outcome
            self.times = times
            self.at = at
        }
    }

    public var zones: [Zone]

    /// - Parameter zones: At least one.
    public init(zones: [Zone]) {
        self.zones = zones
    }

    /// The gravest kind first: it is that of the group.
    private static let kinds: [Outcome.Kind] = [.failed, .expired, .rejected, .superseded, .succeeded]

    /// Of all together: `succeeded` only when all have succeeded. It has a code where all zones have the same one, or where
    /// not all succeeded.
    public var outcome: Outcome {
        let outcomes = zones.map(\.outcome)
        let kind = Self.kinds.first { kind in outcomes.contains { $0.kind == kind } } ?? .succeeded
        let others = zones.filter { $0.outcome.kind != .succeeded }
        guard others.isEmpty || others.count == zones.count else {
            let count = "\(others.count) of \(zones.count) zones did not succeed."
            return Outcome(
                kind,
                code: "partial",
                message: [count, Self.sentences(of: others)].compactMap(\.self).joined(separator: " ")
            )
        }
        let isMasked = outcomes.allSatisfy(\.isMasked)
        guard Set(outcomes.map(\.code)).count == 1 || !others.isEmpty else { return Outcome(kind, isMasked: isMasked) }
        return Outcome(
            kind,
            code: outcomes.first { $0.kind == kind }?.code,
            message: Set(outcomes.map(\.message)).count == 1 ? outcomes.first?.message : Self.sentences(of: zones),
            isMasked: isMasked
        )
    }

    /// When the last of them was accepted, and confirmed if all have succeeded.
    public var times: CommandTimes {
        CommandTimes(
            accepted: zones.compactMap(\.times.accepted).max(),
            confirmed: outcome.kind == .succeeded ? zones.compactMap(\.times.confirmed).max() : nil
        )
    }

    /// What the first few of them say.
    private static func sentences(of zones: [Zone]) -> String? {
        let limit = 3
        let told = zones.filter { $0.outcome.message != nil }
        let shown = told.prefix(limit).map { "\($0.name.excerpt(upTo: 40)): \($0.outcome.message ?? "")" }
        guard !shown.isEmpty else { return nil }
        let more = told.count > limit ? [" \(told.count - limit) more."] : []
        return shown.joined(separator: " ") + more.joined()
    }
}
