import Foundation
import Synchronization

/// Secrets that a test knows of, and the search for them in what a program wrote.
final class SecretsSeen: Sendable {
    private let known: Mutex<Set<String>>

    init(_ secrets: Set<String>) {
        known = Mutex(secrets)
    }

    /// Adds the tokens that the state file holds now.
    ///
    /// - Returns: Whether both are new.
    @discardableResult
    func learn(from world: World) throws -> Bool {
        guard let saved = try world.savedTokens(), let access = saved.access, let refresh = saved.refresh else {
            return false
        }
        return known.withLock { known in
            let isNew = known.isDisjoint(with: [access, refresh])
            known.formUnion([access, refresh])
            return isNew
        }
    }

    /// - Returns: Those that stand in a text, as they are or as a form or a header would carry them.
    func found(in text: String) -> [String] {
        known.withLock { $0 }.filter { secret in
            let form = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
            let forms = [secret, form, form.replacing("%20", with: "+"), Data(secret.utf8).base64EncodedString()]
            return forms.contains { text.contains($0) }
        }
    }
}
