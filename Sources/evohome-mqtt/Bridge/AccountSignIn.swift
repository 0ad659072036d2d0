import Basics
import BridgeCore
import BridgeServices
import HeatingModel
import Synchronization
import TCCClient

/// Signs in to the account in the cloud for a person at the page, one at a time, and says who is signed in.
final class AccountSignIn: Sendable {
    /// Why it did not work, in one sentence.
    enum Problem: Error {
        /// The cloud refused the user name and the password.
        case refused(String)
        /// Nothing was sent, and nothing may be before this moment.
        case held(String, until: Instant)
        /// No answer settles it.
        case failed(String)
    }

    private let account: CloudAccount
    private let reader: CloudReader
    private let configured: Secret?
    private let clock: any WallClock
    private let isBusy = Atomic(false)

    /// - Parameter configured: The user name of the settings, which nobody else's tokens may take the place of.
    init(account: CloudAccount, reader: CloudReader, configured: Secret?, clock: any WallClock) {
        self.account = account
        self.reader = reader
        self.configured = configured
        self.clock = clock
    }

    /// Makes one login at the most, then reads what there is.
    func signIn(with credentials: Credentials) async throws(Problem) {
        if let configured, configured.revealed != credentials.username {
            throw .refused("account.username names another account. Sign in to that one, or change the setting.")
        }
        try await logIn(with: credentials)
        // What is read appears by itself; a cloud that fails now is said on the page like any other failure.
        try? await reader.read([.installation])
    }

    private func logIn(with credentials: Credentials) async throws(Problem) {
        // If the first of two fails, it gives up the name that the second is just getting tokens for.
        guard !isBusy.exchange(true, ordering: .acquiringAndReleasing) else {
            throw .held("Somebody else is signing in right now. Try again in a moment.", until: clock.now + .seconds(5))
        }
        defer { isBusy.store(false, ordering: .releasing) }
        let isNew = account.state.account.isEmpty
        guard account.state.adopt(credentials.username) else {
            throw .refused("This bridge serves another account. To change it, set account.username.")
        }
        do throws(LoginFailure) {
            try await account.tokens.logIn(with: credentials)
        } catch {
            if isNew { account.state.abandon() }
            throw Problem(error)
        }
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

extension AccountSignIn.Problem {
    fileprivate init(_ failure: LoginFailure) {
        let cause = failure.cause
        self =
            switch (cause.kind, cause.retryAt) {
            case (.unreachable, _), (.storage, _), (.cancelled, _): .failed(cause.sentence)
            case (_, let until?) where !failure.isRefusal: .held(cause.sentence, until: until)
            default: .refused(cause.sentence)
            }
    }
}
