import Foundation
import StateFile
import Synchronization
import SystemPackage
import Testing

@Suite("A file of lines that outlives the process", .timeLimit(.minutes(2)))
struct LineFileTests {
    private static let header = "lines 1"

    private func file(
        _ path: FilePath,
        _ system: any SystemCalls = OperatingSystem(),
        log: RecordedLog? = nil,
        lines: @escaping @Sendable () -> [String] = { [] }
    ) -> LineFile {
        LineFile(path, header: Self.header, logger: log?.logger ?? silentLogger, system: system, lines: lines)
    }

    private func reread(_ path: FilePath, log: RecordedLog? = nil) throws -> [String] {
        let file = file(path, log: log)
        defer { file.close() }
        return try file.open()
    }

    @Test("Lines are there again, in a private file, whose folder it makes")
    func lines() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("a/b/journal")
            let first = file(path)
            #expect(try first.open() == [])
            for line in ["one", "two", "drei ü"] { try first.append(line) }
            first.close()
            #expect(try reread(path) == ["one", "two", "drei ü"])
            #expect(try permissions(of: path) == [.ownerReadWrite])
        }
    }

    @Test("A line that a loss of power tore is left out, wherever it was cut, and the next one is whole")
    func torn() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let first = file(path)
            _ = try first.open()
            try first.append("one")
            let whole = try Data(contentsOf: URL(filePath: path.string)).count
            try first.append("two")
            first.close()
            let bytes = try Data(contentsOf: URL(filePath: path.string))
            // Without its line feed alone the line is whole all the same.
            for count in whole..<(bytes.count - 1) {
                try bytes.prefix(count).write(to: URL(filePath: path.string))
                let again = file(path)
                #expect(try again.open() == ["one"])
                try again.append("three")
                again.close()
                #expect(try reread(path) == ["one", "three"], "cut after \(count) bytes")
            }
        }
    }

    @Test("One that is damaged in the middle costs the line that is damaged")
    func damaged() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let first = file(path)
            _ = try first.open()
            for line in ["one", "two", "three"] { try first.append(line) }
            first.close()
            var text = try String(contentsOfFile: path.string, encoding: .utf8)
            text.replace("two", with: "tw0")
            try text.write(toFile: path.string, atomically: true, encoding: .utf8)
            let log = RecordedLog()
            #expect(try reread(path, log: log) == ["one", "three"])
            #expect(log.lines.count == 1)
        }
    }

    @Test(
        "One of another version or kind is set aside with a warning",
        arguments: ["lines 2\n", "{}", "\0\0\0\0", "\n"]
    )
    func otherVersion(contents: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            try contents.write(toFile: path.string, atomically: true, encoding: .utf8)
            let log = RecordedLog()
            #expect(try reread(path, log: log) == [])
            #expect(log.lines.count == 1)
            let names = try FileManager.default.contentsOfDirectory(atPath: directory.string)
            let aside = try #require(names.first { $0.hasPrefix("journal.damaged-") })
            #expect(try String(contentsOfFile: directory.appending(aside).string, encoding: .utf8) == contents)
        }
    }

    @Test("Only one process has it open at a time")
    func locked() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let first = file(path)
            _ = try first.open()
            let error = #expect(throws: StateFileError.self) { try file(path).open() }
            #expect(error?.code == .locked)
            first.close()
            #expect(try reread(path) == [])
        }
    }

    @Test("A disk that stands still holds up no line")
    func standingDisk() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let disk = FaultySystemCalls(late: "synchronize") {
                begun.signal()
                gate.wait()
            }
            let slow = file(path, disk)
            _ = try slow.open()
            try slow.append("0")
            begun.wait()
            let began = ContinuousClock.now
            for number in 1..<100 { try slow.append("\(number)") }
            #expect(began.duration(to: .now) < .seconds(5))
            gate.signal()
            slow.close()
            #expect(try reread(path) == (0..<100).map(String.init))
        }
    }

    @Test("Lines that follow one another are synced together")
    func syncedTogether() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let first = file(path)
            _ = try first.open()
            first.close()
            let system = FaultySystemCalls()
            let file = file(path, system)
            _ = try file.open()
            for number in 0..<20 {
                try file.append("\(number)")
                usleep(1000)
            }
            file.close()
            // Some three; more where the machine is busy with something else.
            #expect(system.calls.count { $0 == "synchronize" } < 10)
        }
    }

    @Test(
        "A line that a full disk does not take is in the file once it takes lines again",
        arguments: [Errno.noSpace, .ioError]
    )
    func fullDisk(errno: Errno) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let recording = FaultySystemCalls()
            let first = file(path, recording)
            _ = try first.open()
            let place = recording.calls.count
            first.close()
            let counting = Mutex<[String]>([])
            // The first line after opening.
            let failing = file(path, FaultySystemCalls(.fails(errno), at: place)) { counting.withLock(\.self) }
            _ = try failing.open()
            var refused = 0
            for line in ["one", "two", "three"] {
                counting.withLock { $0.append(line) }
                do { try failing.append(line) } catch { refused += 1 }
            }
            failing.close()
            #expect(refused == 1)
            #expect(Set(try reread(path)) == ["one", "two", "three"])
        }
    }

    @Test("Where a full disk has no room to write it anew, what is in it is synced all the same")
    func noRoomForCompaction() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            // From its opening on the disk takes no first line, and no new file.
            let disk = FaultySystemCalls(.fails(.noSpace)) { call, before in
                guard let opening = before.firstIndex(of: "reserve") else { return false }
                return call == "open" || (call == "write" && !before[opening...].contains("write"))
            }
            let file = file(path, disk) { ["one", "two"] }
            _ = try file.open()
            #expect(throws: StateFileError.self) { try file.append("one") }
            try file.append("two")
            file.close()
            #expect(disk.calls.contains("synchronize"))
            #expect(try reread(path) == ["two"])
        }
    }

    @Test("Room for further lines is kept on the disk from the beginning, without a larger file")
    func room() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let system = FaultySystemCalls()
            let file = file(path, system)
            _ = try file.open()
            #expect(system.calls.contains("reserve"))
            try file.append("one")
            file.close()
            let size = try #require(try FileManager.default.attributesOfItem(atPath: path.string)[.size] as? Int)
            #expect(size < 100)
        }
    }

    @Test("It is written anew with what still counts, while lines go on being appended")
    func compaction() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("journal")
            let kept = Mutex<[String]>([])
            let file = file(path) { kept.withLock(\.self) }
            _ = try file.open()
            let padding = String(repeating: "x", count: 1000)
            for number in 0..<20_000 {
                let line = "\(number) \(padding)"
                // The last hundred count.
                kept.withLock { $0 = $0.suffix(99) + [line] }
                try file.append(line)
            }
            file.close()
            let lines = try reread(path)
            #expect(Set(lines).isSuperset(of: kept.withLock(\.self)))
            let size = try #require(try FileManager.default.attributesOfItem(atPath: path.string)[.size] as? Int)
            #expect(size < 20_000_000)
            #expect(try permissions(of: path) == [.ownerReadWrite])
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.string) == ["journal"])
        }
    }
}
