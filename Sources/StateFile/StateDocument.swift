public import FoundationEssentials

/// What a ``StateFile`` keeps: a value with a version, written as JSON.
public protocol StateDocument: Codable, Equatable, Sendable {
    /// The version that this program writes, from 1 up. A file with a higher one is refused and left alone.
    static var currentVersion: Int { get }

    /// The version of this value; ``currentVersion`` in a fresh one. It is encoded under the key `version`.
    var version: Int { get set }

    /// An empty document, for when there is no file yet, or a damaged file was set aside.
    init()

    /// Reads a document that an earlier program wrote.
    ///
    /// The default takes the old fields as they are and raises the version. That is enough when new fields are optional
    /// and none was removed.
    ///
    /// - Parameters:
    ///   - data: The contents of the file, JSON.
    ///   - version: The version in it, from 1 to one below ``currentVersion``.
    /// - Throws: Any error to say that the data is not a document of that version; the file is then set aside as damaged.
    init(migrating data: Data, from version: Int) throws
}

extension StateDocument {
    public init(migrating data: Data, from version: Int) throws {
        self = try JSONDecoder().decode(Self.self, from: data)
        self.version = Self.currentVersion
    }
}

extension StateDocument {
    /// The contents of the file: one line of JSON with sorted keys, so that equal documents are equal bytes.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

/// What the bytes of a state file turned out to be.
enum DecodedDocument<Document: StateDocument> {
    /// A document of the current version, migrated if it was older.
    case document(Document)
    /// Not a document at all, with the reason for the log.
    case damaged(reason: String)
    /// A document of a newer program.
    case newer(version: Int)

    init(_ bytes: [UInt8]) {
        // Some editors begin a file with a byte order mark.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let data = Data(bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...])
        guard !data.isEmpty else {
            self = .damaged(reason: "it is empty")
            return
        }
        guard let file = try? JSONDecoder().decode(VersionedFile<Document>.self, from: data), file.version >= 1 else {
            self = .damaged(reason: "it is not a JSON object with a version")
            return
        }
        do {
            switch file.version {
            case Document.currentVersion: self = .document(try file.document.get())
            case ..<Document.currentVersion: self = .document(try Document(migrating: data, from: file.version))
            default: self = .newer(version: file.version)
            }
        } catch {
            // The decoder's message can quote values of the file, which may be secrets: it stays out of the log.
            self = .damaged(reason: "it does not have the shape of version \(file.version)")
        }
    }
}

/// The version of a file, and its document if it has the form of the current one: both from one reading of the JSON.
private struct VersionedFile<Document: StateDocument>: Decodable {
    let version: Int
    let document: Result<Document, any Error>

    init(from decoder: any Decoder) throws {
        version = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .version)
        document = Result { try Document(from: decoder) }
    }

    private enum CodingKeys: CodingKey { case version }
}
