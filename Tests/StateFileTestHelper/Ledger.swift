import StateFile

/// A document whose halves must agree, so that a torn or mixed file is detected.
struct Ledger: StateDocument {
    static let currentVersion = 2

    var version = currentVersion
    /// How often it was incremented.
    var count = 0
    /// The count, repeated so often that it fills several blocks of a disk.
    var echo = ""

    var isConsistent: Bool { echo == (count == 0 ? "" : Self.echo(of: count)) }

    mutating func increment() {
        count += 1
        echo = Self.echo(of: count)
    }

    private static func echo(of count: Int) -> String {
        String(repeating: "\(count) ", count: 4_000)
    }
}
