public import Basics
import HeatingModel
import Synchronization

/// How old tokens are, for people who wonder whether they are renewed.
public struct TokenAges: Equatable, Sendable {
    /// `nil` for one that came from another program, and without one.
    public var accessObtained: Instant?
    /// `nil` without one.
    public var accessExpires: Instant?
    /// As for the access token.
    public var refreshObtained: Instant?

    init(_ memory: TokenMemory) {
        accessObtained = memory.access?.obtained
        accessExpires = memory.access?.expires
        refreshObtained = memory.refresh?.obtained
    }
}

extension TokenProvider {
    /// Of the tokens in use.
    public var ages: TokenAges { state.withLock { TokenAges($0.memory) } }
}
