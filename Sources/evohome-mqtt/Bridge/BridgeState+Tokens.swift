import Basics
import HeatingModel
import Observability
import StateFile
import TCCClient

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
