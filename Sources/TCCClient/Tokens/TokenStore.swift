/// Where tokens are kept, shared by every process that uses the account.
public protocol TokenStore: Sendable {
    /// Runs `body` while no other process can read or write the tokens: a refresh token is spent by one of them at a
    /// time, and what follows it is on disk before the next one looks.
    ///
    /// - Parameter body: Gets what is stored, `nil` where nothing is yet, and a function that returns once what it was
    ///   given is on disk, synced.
    /// - Throws: ``TokenStoreFailure`` when the store cannot be reached, before `body` runs.
    func exclusively<Result: Sendable>(
        _ body: (_ stored: TokenMemory?, _ write: TokenWriter) async -> Result
    ) async throws(TokenStoreFailure) -> Result
}

/// Puts tokens on disk while the store's lock is held.
public typealias TokenWriter = (TokenMemory) throws(TokenStoreFailure) -> Void

/// Why tokens cannot be kept.
public struct TokenStoreFailure: Error, Equatable, Sendable {
    /// One sentence for people that says what to do.
    public var sentence: String
    /// Whether another process has the store and nothing is wrong with it. Tokens are then not used from memory, since
    /// the other may be spending the same refresh token.
    public var isInUse: Bool

    public init(sentence: String, isInUse: Bool = false) {
        self.sentence = sentence
        self.isInUse = isInUse
    }
}
