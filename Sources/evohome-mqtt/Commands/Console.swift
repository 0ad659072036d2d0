import Foundation
import Glibc

/// Sentences for people that are not what a command was asked for.
enum StandardError {
    static func say(_ sentence: String) {
        write(sentence + "\n")
    }

    fileprivate static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

/// The progress of a command, on the last line of a terminal; nothing if standard error is not a terminal.
struct Progress: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Replaces the line.
    ///
    /// - Parameter text: May hold names from the cloud.
    func show(_ text: String) {
        write("\r\u{1b}[K" + text.printable.cut(to: 79))
    }

    /// Clears the line, for what is said at the end.
    func end() {
        write("\r\u{1b}[K")
    }

    private func write(_ text: String) {
        guard isTerminal else { return }
        StandardError.write(text)
    }
}

/// Questions to a person at a terminal. Without one, nothing is asked.
enum Prompt {
    /// - Returns: `nil` if nobody answers.
    static func ask(_ question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        StandardError.write(question)
        guard let answer = readLine(), !answer.isEmpty else { return nil }
        return answer
    }

    /// The same, without showing what is typed.
    static func askHidden(_ question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            StandardError.write("\n")
        }
        return ask(question)
    }
}
