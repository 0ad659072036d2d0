import FoundationEssentials
import Glibc
import StateFile
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("The place of the file")
struct PlaceOfTheFileTests {
    @Test("Directories that are missing are created for the owner alone")
    func missingDirectories() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a").appending("b").appending("state.json")
            let file = StateFile<Ledger>(path, logger: silentLogger)
            #expect(try await file.read() == Ledger())
            #expect(try names(in: directory).isEmpty)
            try await file.update { $0.increment() }
            #expect(try permissions(of: directory.appending("a")) == .ownerReadWriteExecute)
            #expect(try permissions(of: directory.appending("a/b")) == .ownerReadWriteExecute)
            #expect(try permissions(of: path) == .ownerReadWrite)
            #expect(try permissions(of: directory.appending("a/b/state.json.lock")) == .ownerReadWrite)
        }
    }

    @Test(
        "A file that others could read is closed to them, with a warning",
        arguments: [0o644, 0o666, 0o640, 0o777] as [mode_t]
    )
    func widePermissions(mode: mode_t) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            try await StateFile<Ledger>(path, logger: silentLogger).update { $0.increment() }
            chmod(path.string, mode)
            let log = RecordedLog()
            let file = StateFile<Ledger>(path, logger: log.logger)
            #expect(try await file.read().count == 1)
            #expect(try permissions(of: path) == .ownerReadWrite)
            #expect(log.isOneWarning("0600"))
        }
    }

    @Test("A symbolic link stays, and its target is written", arguments: ["real/target.json", "absolute"])
    func symbolicLink(kind: String) async throws {
        try await withTemporaryDirectory { directory in
            let target = directory.appending("real").appending("target.json")
            let link = directory.appending("state.json")
            symlink(kind == "absolute" ? target.string : kind, link.string)
            let file = StateFile<Ledger>(link, logger: silentLogger)
            for _ in 0..<2 { try await file.update { $0.increment() } }
            #expect(try await StateFile<Ledger>(target, logger: silentLogger).read().count == 2)
            #expect(try names(in: directory) == ["real", "state.json"])
            #expect(try names(in: directory.appending("real")) == ["target.json", "target.json.lock"])
        }
    }

    @Test("Symbolic links that form a loop are refused")
    func loop() async throws {
        try await withTemporaryDirectory { directory in
            symlink("b", directory.appending("a").string)
            symlink("a", directory.appending("b").string)
            let file = StateFile<Ledger>(directory.appending("a"), logger: silentLogger)
            let error = await #expect(throws: StateFileError.self) { try await file.update { $0.increment() } }
            #expect(error?.description.contains("loop") == true)
        }
    }

    @Test("A path without a directory is one in the working directory")
    func bareName() async throws {
        let path = FilePath("state-file-\(UUID().uuidString).json")
        defer { for suffix in ["", ".lock"] { unlink(path.string + suffix) } }
        let file = StateFile<Ledger>(path, logger: silentLogger)
        try await file.update { $0.increment() }
        #expect(try await file.read().count == 1)
    }

    @Test("Anything but a plain file is refused, and a pipe does not block", .timeLimit(.minutes(1)))
    func notAFile() async throws {
        try await withTemporaryDirectory { directory in
            mkfifo(directory.appending("pipe").string, 0o600)
            for path in [directory, directory.appending("pipe"), "", "/", ".", "a/.."] {
                let error = await #expect(throws: StateFileError.self) {
                    try await StateFile<Ledger>(path, logger: silentLogger).read()
                }
                #expect(error?.code == .cannotRead)
                #expect(error?.description.contains("not a plain file") == true)
            }
        }
    }

    @Test(
        "A file in a directory without write permission can be read",
        .enabled(if: geteuid() != 0, "root writes anywhere")
    )
    func readOnlyDirectory() async throws {
        try await withTemporaryDirectory { directory in
            let file = StateFile<Ledger>(directory.appending("state.json"), logger: silentLogger)
            try await file.update { $0.increment() }
            chmod(directory.string, 0o500)
            defer { chmod(directory.string, 0o700) }
            #expect(try await file.read().count == 1)
            let error = await #expect(throws: StateFileError.self) { try await file.update { $0.increment() } }
            #expect(error?.code == .cannotWrite)
        }
    }
}
