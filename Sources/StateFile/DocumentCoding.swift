import FoundationEssentials

/// What the bytes of a state file turned out to be.
enum DecodedDocument<Document: StateDocument> {
    /// A document of the current version, migrated where it was older.
    case document(Document)
    /// Not a document at all, with the reason for the log.
    case damaged(reason: String)
    /// A document of a program newer than this one.
    case newer(version: Int)

    init(_ bytes: [UInt8]) {
        let data = Data(bytes)
        guard !data.isEmpty else {
            self = .damaged(reason: "it is empty")
            return
        }
        guard let version = try? JSONDecoder().decode(VersionOnly.self, from: data).version, version >= 1 else {
            self = .damaged(reason: "it is not a JSON object with a version")
            return
        }
        do {
            switch version {
            case Document.currentVersion: self = .document(try JSONDecoder().decode(Document.self, from: data))
            case ..<Document.currentVersion: self = .document(try Document(migrating: data, from: version))
            default: self = .newer(version: version)
            }
        } catch {
            // The decoder's own words can quote values of the file, which may be secrets: they stay out of the log.
            self = .damaged(reason: "it does not have the shape of version \(version)")
        }
    }
}

extension StateDocument {
    /// The document as it goes to the disk: one line of JSON with its keys in order, so that equal documents are equal
    /// bytes.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

private struct VersionOnly: Decodable {
    let version: Int
}
