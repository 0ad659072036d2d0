import StateFile
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("A damaged file")
struct DamagedFileTests {
    static let damages = [
        "", " ", "\0\0\0\0", "{", "null", "[]", "7", "{}", "hello", #"{"version":"2"}"#, #"{"version":0}"#,
        #"{"version":-1}"#, #"{"version":2}"#, #"{"version":2,"count":"many","echo":""}"#, #"{"version":1,"count":{}}"#,
        #"{"version":2,"count":1,"echo":"1 1"#, #"{"version":1e99}"#,
    ]

    @Test("is set aside with a warning, and a fresh one takes its place", arguments: damages)
    func setAside(damage: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            try write(damage, to: path)
            let log = RecordedLog()
            let file = StateFile<Ledger>(path, logger: log.logger, system: FaultySystemCalls())
            #expect(try await file.read() == Ledger())
            #expect(try text(of: directory.appending("state.json.damaged-20261124T133005Z")) == damage)
            #expect(log.lines.contains { $0.hasPrefix("warning: ") && $0.contains("set aside") })
            try await file.update { $0.increment() }
            #expect(try await file.read().count == 1)
        }
    }

    @Test("is not what begins with a byte order mark")
    func byteOrderMark() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let file = StateFile<Ledger>(path, logger: silentLogger, system: FaultySystemCalls())
            try await file.update { $0.increment() }
            try write("\u{feff}" + text(of: path), to: path)
            #expect(try await file.read().count == 1)
            try await file.update { $0.increment() }
            #expect(try await file.read().count == 2)
        }
    }

    @Test("is set aside by an update as well, and never over an earlier one")
    func severalDamages() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let file = StateFile<Ledger>(path, logger: silentLogger, system: FaultySystemCalls())
            for damage in ["first", "second", "third"] {
                try write(damage, to: path)
                try await file.update { $0.increment() }
            }
            let kept = ["", "-2", "-3"].map { directory.appending("state.json.damaged-20261124T133005Z\($0)") }
            #expect(try kept.map(text(of:)) == ["first", "second", "third"])
        }
    }

    @Test("that cannot be set aside stays where it is, and reading goes on", arguments: ["rename", "tryLock", "names"])
    func cannotBeSetAside(call: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            try write("damage", to: path)
            let recording = FaultySystemCalls()
            _ = try await StateFile<Ledger>(path, logger: silentLogger, system: recording).read()
            try write("damage", to: path)
            let place = try #require(recording.calls.firstIndex(of: call))
            let log = RecordedLog()
            let system = FaultySystemCalls(.fails(.readOnlyFileSystem), at: place)
            #expect(try await StateFile<Ledger>(path, logger: log.logger, system: system).read() == Ledger())
            #expect(try text(of: path) == "damage")
            #expect(log.lines.contains { $0.contains("cannot be set aside") })
        }
    }

    @Test("Its contents are not logged")
    func secrets() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            try write(#"{"version":2,"count":"hunter2"}"#, to: path)
            let log = RecordedLog()
            _ = try await StateFile<Ledger>(path, logger: log.logger).read()
            #expect(!log.lines.isEmpty)
            #expect(!"\(log.lines)".contains("hunter2"))
        }
    }
}
