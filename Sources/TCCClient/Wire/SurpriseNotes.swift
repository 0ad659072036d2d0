import HeatingModel
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

extension HTTPAnswer {
    /// The body as JSON, and the paths of what in it was not understood.
    ///
    /// - Parameter path: Of the request.
    func decoded<Value: WireReadable>(
        as type: Value.Type,
        from path: String
    ) throws(CloudFailure) -> (value: Value, surprises: [String]) {
        let notes = SurpriseNotes(root: CloudEndpoint(path: path).rawValue)
        guard let value = decoded(as: type, noting: notes) else { throw CloudFailure(notUnderstood: self) }
        return (value, notes.paths)
    }
}
