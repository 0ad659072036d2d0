import SystemPackage

/// The names of one state file: its own, its lock's, and those of the files that come and go beside it.
struct StateFileLocation: Equatable, Sendable {
    /// The file itself, never a symbolic link.
    let file: FilePath

    /// The file's directory, as a path that can be opened.
    var directory: FilePath {
        let directory = file.removingLastComponent()
        return directory.isEmpty ? "." : directory
    }

    /// The file that is locked. The state file itself cannot be: each write replaces it.
    var lock: FilePath { sibling(".lock") }

    func temporary(_ number: UInt64) -> FilePath { sibling(Self.temporaryMark + hexadecimal(number)) }

    func temporaryLock(_ number: UInt64) -> FilePath { sibling(".lock" + Self.temporaryMark + hexadecimal(number)) }

    /// The new name of a damaged file. The attempt is 1, and more when that name is taken.
    func damaged(at timestamp: String, attempt: Int) -> FilePath {
        sibling(".damaged-\(timestamp)" + (attempt == 1 ? "" : "-\(attempt)"))
    }

    /// Whether a name in the directory was made by ``temporary(_:)`` or ``temporaryLock(_:)``.
    func isTemporary(_ name: String) -> Bool {
        [self.name, self.name + ".lock"].contains { name.dropLast(16) == $0 + Self.temporaryMark }
            && name.suffix(16).allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static let temporaryMark = ".temporary-"

    private var name: String { file.lastComponent?.string ?? "" }

    private func sibling(_ suffix: String) -> FilePath {
        file.removingLastComponent().appending(name + suffix)
    }

    private func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension StateFileLocation {
    /// Follows symbolic links to the actual file, which need not exist, so that a write replaces that file and not the
    /// link, and so that two names of one file have one lock.
    init(following path: FilePath, _ system: some SystemCalls) throws(Errno) {
        var file = path
        var links = 0
        while let target = try Self.target(of: file, system) {
            links += 1
            guard links <= 40 else { throw .tooManySymbolicLinkLevels }
            file = file.removingLastComponent().pushing(target)
        }
        self.file = file
    }

    private static func target(of path: FilePath, _ system: some SystemCalls) throws(Errno) -> FilePath? {
        do throws(Errno) {
            return try uninterrupted { () throws(Errno) in try system.symbolicLink(at: path) }
        } catch .invalidArgument, .noSuchFileOrDirectory, .notDirectory {
            return nil
        }
    }
}
