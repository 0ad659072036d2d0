import ArgumentParser
import Basics
import Foundation
import HeatingModel

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
