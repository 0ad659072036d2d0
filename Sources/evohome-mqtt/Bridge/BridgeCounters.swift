import Basics
import BridgeCore
import BridgeServices
import CloudSharing
import HeatingModel
import MosquittoClient
import TCCClient

/// What the bridge counts in all its parts, as `bridge/stats` tells it.
struct BridgeCounters: Counters {
    let account: CloudAccount
    let broker: MosquittoClient
    let loops: LoopCounts
    let share: ShareCounts?

    var counts: BridgeStatistics.Counts {
        let tokens = account.tokens.counts
        let sessions = account.sessions?.counts ?? TokenCounts()
        return BridgeStatistics.Counts(
            calls: account.transport.counts.byEndpoint,
            readings: loops.readings,
            logins: tokens.logins + sessions.logins,
            refreshes: tokens.refreshes,
            refusals: tokens.refusals + sessions.refusals,
            commands: loops.commands,
            publishes: broker.counters.publishes,
            share: share?.statistics
        )
    }

    var tokenExpires: Instant? { account.tokens.expiry }
    var loginsLeft: Int? { account.tokens.loginsLeft }
}
