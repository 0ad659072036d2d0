import HTTPTypes
import HeatingModel
import Synchronization
import TCCClient
import TestSupport

/// The token endpoint with rotating, single-use refresh tokens, and a gate that can hold its answers back.
final class ScriptedCloud: Sendable {
    private struct State {
        var refresh: Set<String> = []
        var issued = 0
        var lifetime: Int
        var logins = 0
        var refreshes = 0
        var refusals = 0
        var isOpen = true
        var waiting: [CheckedContinuation<Void, Never>] = []
        var answers: [Result<HTTPAnswer, TransportFailure>] = []
        var passwordIsGood = true
    }

    private let state: Mutex<State>

    init(knowing refresh: Set<String> = [], lifetime: Int = 1799) {
        state = Mutex(State(refresh: refresh, lifetime: lifetime))
    }

    var logins: Int { state.withLock { $0.logins } }
    var refreshes: Int { state.withLock { $0.refreshes } }
    var refusals: Int { state.withLock { $0.refusals } }
    var waiting: Int { state.withLock { $0.waiting.count } }

    func refusePassword() { state.withLock { $0.passwordIsGood = false } }

    /// Answers the next requests so, before it goes by its own rules again.
    func answers(_ answers: [Result<HTTPAnswer, TransportFailure>]) { state.withLock { $0.answers = answers } }

    func close() { state.withLock { $0.isOpen = false } }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    var transport: ScriptedTransport {
        ScriptedTransport { (exchange, _) throws(TransportFailure) in
            await self.gate()
            return try self.answer(to: exchange.body).get()
        }
    }

    private func gate() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    private func answer(to form: String) -> Result<HTTPAnswer, TransportFailure> {
        state.withLock { state in
            let isLogin = form.contains("grant_type=password")
            if isLogin { state.logins += 1 } else { state.refreshes += 1 }
            if !state.answers.isEmpty { return state.answers.removeFirst() }
            let spent = form.split(separator: "refresh_token=").last.map(String.init) ?? ""
            let isGood = isLogin ? state.passwordIsGood : state.refresh.remove(spent) != nil
            guard isGood else {
                state.refusals += 1
                return .success(HTTPAnswer(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8)))
            }
            state.issued += 1
            state.refresh.insert("refresh\(state.issued)")
            let number = state.issued
            let body =
                #"{"access_token":"access\#(number)","expires_in":\#(state.lifetime),"refresh_token":"refresh\#(number)"}"#
            return .success(HTTPAnswer(status: 200, body: Array(body.utf8)))
        }
    }
}
