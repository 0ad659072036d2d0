import Foundation
import Subprocess
import SystemPackage
import Testing

/// A script of the repository, or another program, which has to succeed.
struct Script {
    private let executable: Executable
    private let folder: URL

    init(_ path: String, in folder: URL = Manual.root) {
        executable = .path(FilePath(folder.appending(path: path).path()))
        self.folder = folder
    }

    private init(program name: String) {
        executable = .name(name)
        folder = Manual.root
    }

    static let bash = Script(program: "bash")
    static let appArmorParser = Script(program: "apparmor_parser")

    static var hasPython: Bool { isInstalled("python3") }
    static var hasAppArmorParser: Bool { isInstalled("apparmor_parser") }

    /// - Returns: What it prints.
    func output(_ arguments: String...) async throws -> String {
        let result = try await Subprocess.run(
            executable,
            arguments: Arguments(arguments),
            workingDirectory: FilePath(folder.path()),
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput
    }

    private static func isInstalled(_ name: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}
