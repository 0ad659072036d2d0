import Basics
import BridgeCore
import BridgeServices
import CloudSharing
import HeatingModel
import Observability
import StateFile
import Synchronization
import TCCClient

/// The state file in the terms of those who keep something in it.
///
/// What could not be read at the start is answered from memory, so that a disk that fails costs no more than it must.
final class BridgeState: Sendable {
    let file: StateFile<BridgeDocument>
    private let initial: BridgeDocument
    private let name: Mutex<String>
    /// What was last kept of each bridge that runs, by base topic: a file that is replaced meanwhile gets all of it.
    private let running = Mutex<[String: BridgeDocument.BridgeMemory]>([:])
    /// The cloud's answers as it sent them; `nil` if nobody needs them.
    private let answers: VendorAnswers?

    /// - Parameters:
    ///   - username: The configured one; without it the file must know of one account only.
    ///   - answers: Gets those of an earlier run. An installation without them is read again.
    /// - Throws: ``Failure`` when the file is a newer version's, or it is not clear which account is meant.
    init(file: StateFile<BridgeDocument>, username: String?, answers: VendorAnswers? = nil) async throws {
        self.file = file
        self.answers = answers
        var initial: BridgeDocument
        do {
            initial = try await file.read()
        } catch let error as StateFileError where error.code == .newerVersion {
            throw Failure(.badData, error.description)
        } catch {
            // Said when it is written, which is also when it matters.
            initial = BridgeDocument()
        }
        // An account that nobody was ever let in to is there for its login budget only.
        let known = initial.accounts.filter { $0.value.isInUse }.keys
        guard username != nil || known.count <= 1 else {
            throw Failure(.configuration, "The state file knows several accounts; set account.username to one of them.")
        }
        let account = username ?? known.first ?? ""
        name = Mutex(account)
        if let documents = initial.accounts[account]?.documents { answers?.restore(documents) }
        // They are large, and kept once.
        for account in initial.accounts.keys { initial.accounts[account]?.documents = nil }
        self.initial = initial
    }

    /// The account's user name; empty while none is known.
    var account: String { name.withLock { $0 } }

    /// Somebody signs in to an account for the first time.
    ///
    /// - Returns: Whether the account is that of this user name now; `false` if it is somebody else's already.
    func adopt(_ username: String) -> Bool {
        name.withLock { name in
            if name.isEmpty { name = username }
            return name == username
        }
    }

    /// The cloud did not let them in: somebody else may try.
    func abandon() {
        name.withLock { $0 = "" }
    }

    /// The tokens as they were at the start.
    var initialTokens: TokenMemory? { initial.accounts[account]?.tokens }

    /// Whether there is anything to get an access token with but a password.
    var hasTokens: Bool { initialTokens?.refresh != nil || initialTokens?.access != nil }

    /// Every bridge that has run on this file, by base topic, as they were at the start.
    var bridges: [String: BridgeDocument.BridgeMemory] { initial.bridges }

    /// Keeps something of a bridge. A disk that fails is reported by whoever keeps tokens on it.
    func updateBridge(
        under base: String,
        _ change: @Sendable (inout BridgeDocument.BridgeMemory) -> Void
    ) async {
        let last = running.withLock { running -> BridgeDocument.BridgeMemory? in
            guard var memory = running[base] else { return nil }
            change(&memory)
            running[base] = memory
            return memory
        }
        _ = try? await file.update { document in
            guard var memory = document.bridges[base] else {
                document.bridges[base] = last
                return
            }
            change(&memory)
            document.bridges[base] = memory
        }
    }

    /// The client id of the bridge under a base topic, which runs from now on. It is made up at its first start.
    func clientID(under base: String) async -> String {
        if let known = initial.bridges[base] {
            running.withLock { $0[base] = known }
            return known.clientID
        }
        let clientID = await newClientID(under: base)
        running.withLock { $0[base] = BridgeDocument.BridgeMemory(clientID: clientID) }
        return clientID
    }

    private func newClientID(under base: String) async -> String {
        let random = UInt32.random(in: .min ... .max)
        let made = "evohome-mqtt-" + String(random, radix: 16)
        let kept = try? await file.update { document in
            let memory = document.bridges[base] ?? BridgeDocument.BridgeMemory(clientID: made)
            document.bridges[base] = memory
            return memory.clientID
        }
        return kept ?? made
    }
}

extension BridgeState: TokenStore {
    func exclusively<Result: Sendable>(
        _ body: (_ stored: TokenMemory?, _ write: TokenWriter) async -> Result
    ) async throws(TokenStoreFailure) -> Result {
        do {
            return try await file.withLock { file in
                let account = account
                return await body(file.document.accounts[account]?.tokens) { (tokens) throws(TokenStoreFailure) in
                    try Self.write(tokens, of: account, to: &file)
                }
            }
        } catch {
            // Somebody else has the file: then memory must not spend what they are spending.
            let code = (error as? StateFileError)?.code
            throw TokenStoreFailure(sentence: "\(error)", isInUse: code == .locked || code == .lockLost)
        }
    }

    private static func write(
        _ tokens: TokenMemory,
        of account: String,
        to file: inout LockedStateFile<BridgeDocument>
    ) throws(TokenStoreFailure) {
        var document = file.document
        document.accounts[account, default: BridgeDocument.AccountMemory()].tokens = tokens
        do {
            try file.write(document)
        } catch {
            throw TokenStoreFailure(sentence: "\(error)")
        }
    }
}

extension BridgeState: Memory {
    func installation() -> RememberedInstallation? {
        guard answers?.isComplete != false else { return nil }
        return initial.accounts[account]?.installation
    }

    func remember(_ installation: RememberedInstallation) async {
        await update { [answers] memory in
            memory.installation = installation
            memory.documents = answers?.documents
        }
    }

    func schedules() -> KnownSchedules {
        initial.accounts[account]?.schedules ?? KnownSchedules()
    }

    func remember(_ schedules: KnownSchedules) async {
        await update { $0.schedules = $0.schedules.map { $0.merging(schedules) } ?? schedules }
    }

    func temperatures() -> [SensorID: HighPrecisionTemperature] {
        initial.accounts[account]?.temperatures ?? [:]
    }

    func remember(_ temperatures: [SensorID: HighPrecisionTemperature]) async {
        await update { $0.temperatures = temperatures }
    }

    /// A disk that fails is reported by whoever keeps tokens on it.
    private func update(_ change: @Sendable (inout BridgeDocument.AccountMemory) -> Void) async {
        _ = try? await file.update { document in
            change(&document.accounts[account, default: BridgeDocument.AccountMemory()])
        }
    }
}

extension BridgeState {
    /// Puts tokens of another program in the place of those of this account; the login budget stays.
    func importTokens(_ foreign: ForeignTokens) async throws {
        try await changeTokens { tokens in
            var memory = tokens ?? TokenMemory(salt: .random(in: .min ... .max))
            memory.access = foreign.access
            memory.refresh = RefreshToken(value: foreign.refreshToken)
            memory.pause = nil
            tokens = memory
        }
    }

    /// Hands the tokens out, and forgets them when that went well; the login budget stays.
    func exportTokens(_ handOut: (AccessToken, RefreshToken) throws -> Void) async throws {
        try await changeTokens { tokens in
            guard let refresh = tokens?.refresh else {
                throw Failure(.badData, "The state file holds no tokens of this account.")
            }
            // Without an access token the other program begins with a refresh.
            let access = tokens?.access ?? AccessToken(value: Secret(""), expires: SystemClock().now)
            try handOut(access, refresh)
            tokens?.access = nil
            tokens?.refresh = nil
        }
    }

    private func changeTokens(_ change: (inout TokenMemory?) throws -> Void) async throws {
        do {
            try await file.update { document in
                try change(&document.accounts[account, default: BridgeDocument.AccountMemory()].tokens)
            }
        } catch let error as StateFileError {
            let code: Failure.Code = error.code == .locked ? .tryLater : .cannotWrite
            throw Failure(code, error.description)
        }
    }
}

/// What the state file knows of topics, for a bridge under one base topic at one broker.
struct BridgeTopicMemory: TopicMemory {
    let state: BridgeState
    let base: String
    /// Topics at another broker are nobody's concern here.
    let broker: String

    /// Base topics of other bridges at this broker that have left something.
    var otherBases: [String] {
        state.bridges.filter { $0.key != base && $0.value.inventory(at: broker) != nil }.keys.sorted()
    }

    func inventory() -> TopicInventory? { inventory(of: base) }

    func inventory(of base: String) -> TopicInventory? { state.bridges[base]?.inventory(at: broker) }

    func remember(_ inventory: TopicInventory) async {
        await state.updateBridge(under: base) { memory in
            memory.published = inventory
            memory.broker = broker
        }
    }

    func forget(_ base: String) async {
        await state.updateBridge(under: base) { $0.published = nil }
    }
}

/// What the state file knows of changes, for a bridge under one base topic.
struct BridgeChangeMemory: ChangeMemory {
    let state: BridgeState
    let base: String

    func changes() -> KnownChanges { state.bridges[base]?.changes ?? KnownChanges() }

    func remember(_ changes: KnownChanges) async {
        await state.updateBridge(under: base) { $0.changes = changes }
    }
}

extension BridgeDocument.BridgeMemory {
    fileprivate func inventory(at broker: String) -> TopicInventory? {
        self.broker == broker ? published : nil
    }
}

/// What the state file knows of the tokens of other programs, for a bridge under one base topic.
struct BridgeGrants: GrantStore {
    let state: BridgeState
    let base: String

    func grants() -> Grants { state.bridges[base]?.grants ?? Grants() }

    func remember(_ present: @escaping @Sendable () -> Grants) async {
        await state.updateBridge(under: base) { $0.grants = present() }
    }
}
