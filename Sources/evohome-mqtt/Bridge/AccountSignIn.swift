import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Synchronization
import TCCClient

/// Signs in to the account in the cloud for a person at the page, and says who is signed in.
struct AccountSignIn: Sendable {
    /// Why it did not work, in one sentence.
    enum Problem {
        case none
        /// The cloud refused the user name and the password.
        case refused(String)
        /// Nothing was sent, and nothing may be before this moment.
        case held(String, until: Instant)
        /// No answer settles it.
        case failed(String)
    }

    let account: CloudAccount
    let reader: CloudReader
    /// The user name of the settings, which nobody else's tokens may take the place of.
    let configured: Secret?

    /// Makes one login at the most, then reads what there is.
    func signIn(with credentials: Credentials) async -> Problem {
        if let configured, configured.revealed != credentials.username {
            return .refused("account.username names another account. Sign in to that one, or change the setting.")
        }
        let isNew = account.state.account.isEmpty
        guard account.state.adopt(credentials.username) else {
            return .refused("This bridge serves another account. To change it, set account.username.")
        }
        let sent = account.tokens.counts.logins
        do throws(CloudFailure) {
            try await account.tokens.logIn(with: credentials)
        } catch {
            if isNew { account.state.abandon() }
            guard error.kind != .unreachable, error.kind != .storage, error.kind != .cancelled else {
                return .failed(error.sentence)
            }
            let wasRefused = error.kind == .unauthorised && account.tokens.counts.logins > sent
            guard !wasRefused, let until = error.retryAt else { return .refused(error.sentence) }
            return .held(error.sentence, until: until)
        }
        // What is read appears by itself; a cloud that fails now is said on the page like any other failure.
        try? await reader.read([.installation])
        return .none
    }

    func account(store: SnapshotStore, callsToday: [String: Int]) -> JSONValue {
        let (tokens, ages) = (account.tokens, account.tokens.ages)
        let isSignedIn = ages.accessExpires != nil || ages.refreshObtained != nil || account.tokens.hasRefreshToken
        let calls = callsToday.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .integer($0.value)) }
        let total = JSONValue.Member("total", .integer(callsToday.values.reduce(0, +)))
        return [
            "signed_in": .bool(isSignedIn),
            "user": JSONValue(account.state.account.first.map { "\($0)…" }),
            "account_id": JSONValue(store.installation?.accountID),
            "access_token": ["since": JSONValue(ages.accessObtained), "expires": JSONValue(ages.accessExpires)],
            "refresh_token": ["since": JSONValue(ages.refreshObtained)],
            "logins": ["left": .integer(tokens.loginsLeft), "next_at": JSONValue(tokens.nextLogin)],
            "calls_today": .object([total] + calls),
        ]
    }
}
