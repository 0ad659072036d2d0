import Foundation
import Glibc

/// What a command is at, on the last line of a terminal; nothing is said where standard error is none.
struct Progress: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Replaces what stood there.
    func show(_ text: String) {
        write("\r\u{1b}[K" + text.cut(to: 79))
    }

    /// Leaves the line empty for what is said at the end.
    func end() {
        write("\r\u{1b}[K")
    }

    private func write(_ text: String) {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data(text.utf8))
    }
}
