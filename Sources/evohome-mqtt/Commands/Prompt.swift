import Foundation
import Glibc

/// Questions to a person at a terminal. Where there is none, nothing is asked.
enum Prompt {
    /// - Returns: `nil` when nobody answers.
    static func ask(_ question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        FileHandle.standardError.write(Data(question.utf8))
        guard let answer = readLine(), !answer.isEmpty else { return nil }
        return answer
    }

    /// The same without showing what is typed.
    static func askHidden(_ question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return ask(question)
    }
}
