import Synchronization

/// Decodes and encodes the document of one state file, and remembers the last bytes with what they stand for.
///
/// Each change reads the file again, since another process may have changed it. It hardly ever has, so the bytes are
/// those of our last change. Comparing them takes a hundredth of the work of decoding them.
final class DocumentCoder<Document: StateDocument>: Sendable {
    private struct Known {
        let bytes: [UInt8]
        let document: Document
    }

    /// The largest file that is remembered, in bytes. Larger ones are those of installers, and would take megabytes.
    private static var largest: Int { 1 << 18 }

    private let last = Mutex<Known?>(nil)

    func decode(_ bytes: [UInt8]) -> DecodedDocument<Document> {
        if let document = known(bytes) { return .document(document) }
        let decoded = DecodedDocument<Document>(bytes)
        if case .document(let document) = decoded { remember(document, as: bytes) }
        return decoded
    }

    /// - Returns: The bytes to write. If they do not get to the disk, what is found there is decoded.
    /// - Throws: What the document throws.
    func encode(_ document: Document) throws -> [UInt8] {
        let bytes = try document.encoded()
        remember(document, as: bytes)
        return bytes
    }

    private func known(_ bytes: [UInt8]) -> Document? {
        last.withLock { $0?.bytes == bytes ? $0?.document : nil }
    }

    private func remember(_ document: Document, as bytes: [UInt8]) {
        last.withLock { $0 = bytes.count <= Self.largest ? Known(bytes: bytes, document: document) : nil }
    }
}
