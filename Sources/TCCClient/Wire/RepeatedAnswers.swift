import HeatingModel
import Synchronization

/// What the last answer to each question meant.
///
/// Most polls bring the same bytes as the one before, and the same bytes mean the same, so they are not decoded again. What
/// is handed out twice shares its storage, which makes it cheap to see that nothing has changed.
final class RepeatedAnswers<Question: Hashable & Sendable, Meaning: Sendable>: Sendable {
    /// What a body was decoded to.
    struct Reading: Sendable {
        var meaning: Meaning
        /// Paths of what was not understood.
        var surprises: [String]
    }

    /// The bodies themselves would be a good part of the memory that a thousand homes take. The hash has a seed that is this
    /// process's own.
    private let last = Mutex<[Question: (hash: Int, reading: Reading)]>([:])

    /// - Parameter decode: Decodes a body that is new.
    func reading(
        of body: [UInt8],
        to question: Question,
        decode: () throws(CloudFailure) -> Reading
    ) throws(CloudFailure) -> Reading {
        let hash = Self.hash(of: body)
        if let known = last.withLock({ $0[question] }), known.hash == hash { return known.reading }
        let reading = try decode()
        last.withLock { $0[question] = (hash, reading) }
        return reading
    }

    /// Keeps nothing of questions that may not be asked again.
    func forget() {
        last.withLock { $0 = [:] }
    }

    private static func hash(of body: [UInt8]) -> Int {
        var hasher = Hasher()
        body.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
