import Logging
import SystemPackage
import Testing

@testable import StateFile
@testable import StateFileTestHelper

@Suite("A holder that loses the lock")
struct LateHolderTests {
    @Test("overwrites nothing of its successor, between whichever two calls it stood still")
    func everyMoment() async throws {
        let calls = try await withTemporaryDirectory { directory in
            let recording = FaultySystemCalls()
            try await update(directory.appending("state.json"), recording)
            return recording.calls
        }
        let acquired = try #require(calls.firstIndex(of: "touch"))
        for place in acquired..<calls.count {
            try await withTemporaryDirectory { directory in
                let path = directory.appending("state.json")
                let late = FaultySystemCalls(.isLate, at: place) { replaceHolder(of: path) }
                var code: StateFileError.Code?
                do {
                    try await update(path, late)
                } catch let error as StateFileError {
                    code = error.code
                }
                // The successor has counted to 1 on its own, or to 2 over what the late holder had already written.
                let count = try await StateFile<Ledger>(path, logger: silentLogger).read().count
                #expect(code == nil ? count == 2 : code == .lockLost && count == 1, "\(calls[place]), call \(place)")
            }
        }
    }

    private func update(_ path: FilePath, _ system: any SystemCalls) async throws {
        // With such a long lease no sign of life comes between the calls, so their sequence is always the same.
        let timing = LockTiming(lease: .seconds(3_600))
        let file = StateFile<Ledger>(path, timing: timing, logger: silentLogger, system: system)
        try await file.update { $0.increment() }
    }
}

/// Does what another process does after the holder has stood still for too long.
private func replaceHolder(of path: FilePath) {
    do {
        let system = OperatingSystem()
        let file = PrivateFile(location: try StateFileLocation(following: path, system), system: system)
        let lockFile = LockFile(location: file.location, system: system)
        // Once the holder has released the lock there is nobody to replace.
        let lock: HeldLock? =
            switch try lockFile.attempt() {
            case .acquired(let lock): lock
            case .held(let sight): try lockFile.takeOver(from: sight)
            case .replaced: nil
            }
        guard let lock else { throw Errno.wouldBlock }
        defer { lock.release() }
        var locked = try LockedStateFile(file, holding: lock, coder: DocumentCoder<Ledger>(), logger: silentLogger)
        var ledger = locked.document
        ledger.increment()
        try locked.write(ledger)
    } catch {
        Issue.record(error)
    }
}
