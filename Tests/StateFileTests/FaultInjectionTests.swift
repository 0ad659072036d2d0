import StateFile
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("A system call that goes wrong")
struct FaultInjectionTests {
    /// What the first write of a state file starts from.
    enum Start: CaseIterable {
        case noDirectory, noFile, oldFile, oldFileAndLeftovers
    }

    static let faults: [FaultySystemCalls.Fault] = [
        .fails(.ioError), .fails(.noSpace), .fails(.interrupted), .fails(.permissionDenied), .isShort, .dies,
    ]

    @Test("leaves the old file or the new one, at every call of a write", arguments: Start.allCases, faults)
    func everyCall(start: Start, fault: FaultySystemCalls.Fault) async throws {
        let calls = try await withTemporaryDirectory { directory in
            let system = FaultySystemCalls()
            try await update(prepare(directory, start), system)
            return system.calls
        }
        #expect(calls.contains("rename"))
        for (place, call) in calls.enumerated() where fault != .isShort || call == "read" || call == "write" {
            try await withTemporaryDirectory { directory in
                let path = try await prepare(directory, start)
                let before = try await StateFile<Ledger>(path, logger: silentLogger).read()
                var failure: StateFileError?
                do {
                    try await update(path, FaultySystemCalls(fault, at: place))
                } catch let error as StateFileError {
                    failure = error
                }
                let circumstances: Comment = "\(call), call \(place), \(fault)"

                let after = try await StateFile<Ledger>(path, logger: silentLogger).read()
                #expect(after.isConsistent, circumstances)
                #expect(after.count == before.count + 1 || (failure != nil && after == before), circumstances)
                if fault == .fails(.interrupted) || fault == .isShort { #expect(failure == nil, circumstances) }

                try await update(path, OperatingSystem())
                #expect(
                    try names(in: path.removingLastComponent()) == ["state.json", "state.json.lock"],
                    circumstances
                )
                #expect(try permissions(of: path) == [.ownerReadWrite], circumstances)
            }
        }
    }

    @Test(
        "is reported in a sentence that says what to do",
        arguments: [
            (.noSpace, .cannotWrite, "free some space"),
            (.readOnlyFileSystem, .cannotWrite, "writable"),
            (.permissionDenied, .cannotWrite, "let the user"),
            (.resourceBusy, .cannotWrite, "mount its directory"),
            (.ioError, .cannotWrite, "check the disk"),
        ] as [(Errno, StateFileError.Code, String)]
    )
    func sentences(errno: Errno, code: StateFileError.Code, advice: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = try await prepare(directory, .oldFile)
            let recording = FaultySystemCalls()
            try await update(path, recording)
            let rename = try #require(recording.calls.lastIndex(of: "rename"))
            let error = try await #require(throws: StateFileError.self) {
                try await update(path, FaultySystemCalls(.fails(errno), at: rename))
            }
            #expect(error.code == code)
            #expect(error.cause == errno)
            #expect(error.description.contains(advice))
            #expect(error.description.contains(path.string))
        }
    }

    @Test("A file system without locks is reported as such", arguments: [Errno.noLocks, .notSupported, .noFunction])
    func noLocks(errno: Errno) async throws {
        try await withTemporaryDirectory { directory in
            let path = try await prepare(directory, .oldFile)
            let recording = FaultySystemCalls()
            try await update(path, recording)
            let lock = try #require(recording.calls.firstIndex(of: "tryLock"))
            let system = FaultySystemCalls(.fails(errno), at: lock)
            let error = try await #require(throws: StateFileError.self) { try await update(path, system) }
            #expect(error.code == .locksUnsupported)
            #expect(error.description.contains("has no locks"))
        }
    }

    private func prepare(_ directory: FilePath, _ start: Start) async throws -> FilePath {
        let path = (start == .noDirectory ? directory.appending("a/b") : directory).appending("state.json")
        if start == .oldFile || start == .oldFileAndLeftovers { try await update(path, OperatingSystem()) }
        if start == .oldFileAndLeftovers {
            try write("half of a do", to: directory.appending("state.json.temporary-0123456789abcdef"))
            try write("", to: directory.appending("state.json.lock.temporary-0123456789abcdef"))
        }
        return path
    }

    private func update(_ path: FilePath, _ system: any SystemCalls) async throws {
        // With such a long lease no sign of life comes between the calls, so their sequence is always the same.
        let timing = LockTiming(lease: .seconds(3_600))
        let file = StateFile<Ledger>(path, timing: timing, logger: silentLogger, system: system)
        try await file.update { $0.increment() }
    }
}
