import FoundationEssentials
import StateFile
import SystemPackage

/// An empty directory for one test, removed afterwards.
func withTemporaryDirectory<Success>(_ body: (FilePath) async throws -> Success) async throws -> Success {
    let url = FileManager.default.temporaryDirectory.appending(path: "state-file-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(FilePath(url.path))
}

/// The names in a directory, in order.
func names(in directory: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.string).sorted()
}

func text(of path: FilePath) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path.string)), as: UTF8.self)
}

func write(_ text: String, to path: FilePath) throws {
    try Data(text.utf8).write(to: URL(filePath: path.string))
}

func permissions(of path: FilePath) throws -> FilePermissions {
    try OperatingSystem().status(at: path).permissions
}
