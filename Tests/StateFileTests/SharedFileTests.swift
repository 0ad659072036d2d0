import StateFile
import Subprocess
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("A file that is shared", .timeLimit(.minutes(5)))
struct SharedFileTests {
    @Test("loses no increment of several processes", arguments: [2, 8])
    func processes(count: Int) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            try await withThrowingTaskGroup(of: TerminationStatus.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        try await run(
                            helper,
                            arguments: ["increment", path.string, "30"],
                            output: .discarded,
                            error: .currentStandardError
                        ).terminationStatus
                    }
                }
                for try await status in group { #expect(status == .exited(0)) }
            }
            let ledger = try await StateFile<Ledger>(path, logger: silentLogger).read()
            #expect(ledger.count == count * 30)
            #expect(ledger.isConsistent)
        }
    }

    @Test("loses no increment of several tasks of one process")
    func tasks() async throws {
        try await withTemporaryDirectory { directory in
            let file = StateFile<Ledger>(directory.appending("state.json"), logger: silentLogger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<25 { try await file.update { $0.increment() } }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await file.read().count == 200)
        }
    }

    @Test("is not written when a change makes no difference")
    func unchanged() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let file = StateFile<Ledger>(path, logger: silentLogger)
            try await file.update { $0.increment() }
            let before = try OperatingSystem().status(at: path)
            try await file.update { $0.count += 0 }
            #expect(try OperatingSystem().status(at: path) == before)
        }
    }

    @Test("is not written when the change throws")
    func throwingChange() async throws {
        struct Refusal: Error {}
        try await withTemporaryDirectory { directory in
            let file = StateFile<Ledger>(directory.appending("state.json"), logger: silentLogger)
            await #expect(throws: Refusal.self) {
                try await file.update { ledger in
                    ledger.increment()
                    throw Refusal()
                }
            }
            #expect(try await file.read() == Ledger())
            try await file.update { $0.increment() }
        }
    }
}
