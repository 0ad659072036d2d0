import ArgumentParser
import Basics
import Foundation
import Glibc
import HeatingModel

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
    func show(_ text: String) {
        write("\r\u{1b}[K" + text.cut(to: 79))
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

/// A text file that a command is given.
enum InputFile {
    /// Reads all of it, without a byte order mark.
    ///
    /// - Parameter name: Its path, or `-` for standard input.
    static func read(_ name: String) throws -> Data {
        let data = name == "-" ? try FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: name)
        guard let data else { throw Failure(.missingFile, "The file \(name) does not exist or cannot be read.") }
        return Data(data.withoutByteOrderMark)
    }
}

extension Duration {
    /// Reads the value of an option, which needs a unit.
    ///
    /// - Parameter option: Its name, such as `--valid-for`.
    init(_ text: String, of option: String) throws(ValidationError) {
        do throws(DurationTextError) {
            try self.init(parsingWithUnit: text)
        } catch {
            throw ValidationError("\(option): \(error)")
        }
    }
}
