public import TCCClient

/// Keeps no token for longer than the process has it in memory anyway.
public struct ForgetfulStore: TokenStore {
    public init() {}

    public func exclusively<Result: Sendable>(
        _ body: (_ stored: TokenMemory?, _ write: TokenWriter) async -> Result
    ) async throws(TokenStoreFailure) -> Result {
        await body(nil) { _ in }
    }
}
