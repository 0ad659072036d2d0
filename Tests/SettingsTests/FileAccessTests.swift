import Foundation
import SystemPackage
import Testing

@testable import evohome_mqtt

@Suite("Files of the machine")
struct FileAccessTests {
    @Test("A file is read, a missing one is told from one that cannot be read, and folders are told from files")
    func realFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let content = String(repeating: "0123456789", count: 10_000)
        let file = folder.appending(path: "file")
        try Data(content.utf8).write(to: file)

        let files = FileAccess.system
        #expect(try files.contents(FilePath(file.path())).get() == Array(content.utf8))
        #expect(files.contents(FilePath(folder.path() + "/none")) == .failure(.missing))
        guard case .failure(.unreadable) = files.contents(FilePath(folder.path())) else {
            Issue.record("a folder was read")
            return
        }
        #expect(files.isWritableFolder(FilePath(folder.path())))
        #expect(!files.isWritableFolder(FilePath(file.path())))
        #expect(!files.isWritableFolder(FilePath(folder.path() + "/none")))
    }

    @Test("A file that never ends is given up")
    func endless() {
        #expect(FileAccess.system.contents("/dev/zero") == .failure(.unreadable(reason: "it is too large")))
    }
}
