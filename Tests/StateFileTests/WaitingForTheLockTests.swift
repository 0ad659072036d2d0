import StateFile
import Subprocess
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("Waiting for the lock", .timeLimit(.minutes(3)))
struct WaitingForTheLockTests {
    @Test("A holder that stands still loses the lock, and does not write when it wakes up")
    func stoppedHolder() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let lease = Duration.seconds(1)
            let log = RecordedLog()
            _ = try await run(
                helper,
                arguments: ["hold", path.string, "1000"],
                input: .inputWriter,
                output: .sequence,
                error: .currentStandardError
            ) { process in
                var lines = process.standardOutput.strings().makeAsyncIterator()
                #expect(try await lines.next() == "holding")

                // It is alive, though idle: waiting for longer than the lease does not take the lock from it.
                let brief = StateFile<Ledger>(
                    path,
                    timing: LockTiming(limit: lease * 2, lease: lease),
                    logger: log.logger
                )
                let error = await #expect(throws: StateFileError.self) { try await brief.update { $0.increment() } }
                #expect(error?.code == .locked)
                #expect(log.lines.isEmpty)

                try process.send(signal: .suspend)
                let patient = StateFile<Ledger>(
                    path,
                    timing: LockTiming(limit: .seconds(30), lease: lease),
                    logger: log.logger
                )
                for _ in 0..<3 { try await patient.update { $0.increment() } }
                #expect(log.isOneWarning("Took over the lock of the state file from a process that stands still"))

                try process.send(signal: .resume)
                _ = try await process.standardInputWriter.write("go\n")
                try await process.standardInputWriter.finish()
                #expect(try await lines.next() == "lockLost")
                #expect(try await patient.read().count == 3)
            }
            #expect(try names(in: directory) == ["state.json", "state.json.lock"])
        }
    }

    @Test("A holder that is killed releases the lock at once")
    func killedHolder() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            _ = try await run(
                helper,
                arguments: ["hold", path.string, "600000"],
                input: .inputWriter,
                output: .sequence,
                error: .currentStandardError
            ) { process in
                var lines = process.standardOutput.strings().makeAsyncIterator()
                #expect(try await lines.next() == "holding")
                try process.send(signal: .kill)
                let timing = LockTiming(limit: .seconds(30), lease: .seconds(600))
                try await StateFile<Ledger>(path, timing: timing, logger: silentLogger).update { $0.increment() }
            }
        }
    }

    @Test("A task that is cancelled stops waiting")
    func cancellation() async throws {
        try await withTemporaryDirectory { directory in
            let file = StateFile<Ledger>(directory.appending("state.json"), logger: silentLogger)
            try await file.withLock { _ in
                let waiting = Task { try await file.update { $0.increment() } }
                try await Task.sleep(for: .milliseconds(20))
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
            }
            #expect(try await file.read().count == 0)
        }
    }

    @Test("When somebody removes the lock file, a holder cannot overwrite its successor")
    func removedLockFile() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let file = StateFile<Ledger>(path, logger: silentLogger)
            let error = await #expect(throws: StateFileError.self) {
                try await file.withLock { locked in
                    var ledger = locked.document
                    try OperatingSystem().remove(directory.appending("state.json.lock"))
                    try await file.update { $0.increment() }
                    ledger.echo = "13"
                    try locked.write(ledger)
                }
            }
            #expect(error?.code == .lockLost)
            let count = try await file.read().count
            #expect(count == 1)
        }
    }

    @Test("A holder writes as often as it likes, and its body's value is returned")
    func severalWrites() async throws {
        try await withTemporaryDirectory { directory in
            let file = StateFile<Ledger>(directory.appending("state.json"), logger: silentLogger)
            let count = try await file.withLock { locked in
                for _ in 0..<3 {
                    var ledger = locked.document
                    ledger.increment()
                    try locked.write(ledger)
                }
                return locked.document.count
            }
            #expect(count == 3)
            #expect(try await file.read().count == 3)
        }
    }
}
