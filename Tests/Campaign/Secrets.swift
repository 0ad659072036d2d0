import Foundation
import Synchronization

/// Everything that must not be read anywhere: the password, and every token that the cloud has handed out.
final class Secrets: Sendable {
    static let password = "s3cret+p&ss wörd"
    static let username = "someone@example.org"

    /// Shorter pieces of a token mean nothing.
    private static let telling = 24
    private static let spellings: [[UInt8]] = {
        let escaped = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? password
        let texts = [password, escaped, escaped.replacing("%20", with: "+"), username]
        return texts.map { Array($0.utf8) } + [Array(Data(password.utf8).base64EncodedString().utf8)]
    }()

    /// Pieces of all tokens, each of them ``telling`` bytes long.
    private let pieces = Mutex<Set<[UInt8]>>([])
    private let count = Mutex(0)

    /// How many tokens are known.
    var tokens: Int { count.withLock { $0 } }

    /// Reads tokens off what the cloud answers. An answer with tokens fits into one piece of a connection.
    func learn(fromAnswer bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("_token") else { return }
        for match in text.matches(of: /"(?:access|refresh)_token"\s*:\s*"([^"]+)"/) {
            let token = Array(match.1.utf8)
            guard token.count >= Self.telling else { continue }
            count.withLock { $0 += 1 }
            pieces.withLock { pieces in
                for start in 0...token.count - Self.telling {
                    pieces.insert(Array(token[start..<start + Self.telling]))
                }
            }
        }
    }

    /// - Returns: What was found, in words that do not repeat it.
    func found(in bytes: [UInt8]) -> [String] {
        var found: [String] = []
        for (index, spelling) in Self.spellings.enumerated() where Self.contains(bytes, spelling) {
            found.append(index == 3 ? "the user name" : "the password")
        }
        // Only what is as long as a token's piece, and made of its letters, is looked up.
        pieces.withLock { pieces in
            var run = 0
            for index in bytes.indices {
                run = Self.isTokenLetter(bytes[index]) ? run + 1 : 0
                guard run >= Self.telling, run % Self.telling == 0 else { continue }
                if pieces.contains(Array(bytes[index - Self.telling + 1...index])) { found.append("a token") }
            }
        }
        return found
    }

    private static func contains(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
        var start = 0
        while let found = bytes[start...].firstIndex(of: text[0]), found + text.count <= bytes.count {
            if bytes[found..<found + text.count].elementsEqual(text) { return true }
            start = found + 1
        }
        return false
    }

    private static func isTokenLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
