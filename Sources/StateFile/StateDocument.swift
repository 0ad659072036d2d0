public import FoundationEssentials

/// What a ``StateFile`` keeps: a value with a version, written as JSON.
public protocol StateDocument: Codable, Equatable, Sendable {
    /// The version that this program writes, from 1 up. A file with a greater one is refused and left alone.
    static var currentVersion: Int { get }

    /// The version of this value; ``currentVersion`` in a fresh one. It is encoded under the key `version`.
    var version: Int { get set }

    /// A fresh document, for when there is no file yet, or a damaged one was set aside.
    init()

    /// Reads a document that an earlier program wrote.
    ///
    /// The default takes the old fields as they are and raises the version, which is enough where fields were only
    /// added and are optional.
    ///
    /// - Parameters:
    ///   - data: The file as it is, JSON.
    ///   - version: The version that stands in it, from 1 to one below ``currentVersion``.
    /// - Throws: Whatever says that the data is not a document of that version; the file is then set aside as damaged.
    init(migrating data: Data, from version: Int) throws
}

extension StateDocument {
    public init(migrating data: Data, from version: Int) throws {
        self = try JSONDecoder().decode(Self.self, from: data)
        self.version = Self.currentVersion
    }
}
