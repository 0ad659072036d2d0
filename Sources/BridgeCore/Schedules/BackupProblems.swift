/// Why a backup cannot be used: a sentence for each of its entries that is at fault.
public struct BackupProblems: Error, Equatable, Sendable, CustomStringConvertible {
    public var sentences: [String]

    public init(_ sentences: [String]) {
        self.sentences = sentences
    }

    public var description: String { sentences.joined(separator: "\n") }
}
