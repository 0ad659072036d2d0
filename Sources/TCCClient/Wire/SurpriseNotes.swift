import Synchronization

/// Collects the surprises of one document while it is decoded.
final class SurpriseNotes: Sendable {
    private let root: String
    private let noted = Mutex<[String]>([])

    /// - Parameter root: The kind of document.
    init(root: String) {
        self.root = root
    }

    var paths: [String] { noted.withLock { $0 } }

    /// - Parameter path: Below the root.
    func note(_ path: String) {
        // One document of a thousand zones must not make a list without an end.
        noted.withLock { if $0.count < 10_000 { $0.append(root + path) } }
    }
}
