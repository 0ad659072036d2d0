import Dispatch
import Foundation
import StateFile
import Synchronization
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("A disk that stands still", .timeLimit(.minutes(1)))
struct StandingDiskTests {
    /// System calls stand at it until it is opened.
    private final class Gate: Sendable {
        private let arrived = Atomic(0)
        private let barrier = DispatchSemaphore(value: 0)

        /// How many system calls stand still now.
        var standing: Int { arrived.load(ordering: .sequentiallyConsistent) }

        func stand() {
            arrived.add(1, ordering: .sequentiallyConsistent)
            // So that a test whose tasks all stand still fails, rather than hangs.
            _ = barrier.wait(timeout: .now() + .seconds(30))
            arrived.subtract(1, ordering: .sequentiallyConsistent)
        }

        func open() { for _ in 0..<standing { barrier.signal() } }
    }

    @Test(
        "holds up no other task, though more files wait for it than the machine has cores",
        arguments: ["open", "tryLock", "names", "read", "write", "synchronize", "rename", "close"]
    )
    func otherTasks(call: String) async throws {
        try await withTemporaryDirectory { directory in
            let gate = Gate()
            let files = try await (0...ProcessInfo.processInfo.activeProcessorCount).asyncMap { number in
                let path = directory.appending("state-\(number).json")
                try await StateFile<Ledger>(path, logger: silentLogger).update { $0.increment() }
                let system = FaultySystemCalls(late: call) { gate.stand() }
                return StateFile<Ledger>(path, logger: silentLogger, system: system)
            }
            try await withThrowingTaskGroup(of: Void.self) { updates in
                for file in files { updates.addTask { try await file.update { $0.increment() } } }
                while gate.standing < files.count { try await Task.sleep(for: .milliseconds(1)) }

                let steps = await Task.detached {
                    var steps = 0
                    for _ in 0..<100 {
                        await Task.yield()
                        steps += 1
                    }
                    return steps
                }.value
                #expect(steps == 100)
                #expect(gate.standing == files.count)

                gate.open()
                try await updates.waitForAll()
            }
            for file in files { #expect(try await file.read().count == 2) }
        }
    }

    @Test("costs no holder the lock, however long it stands in fsync or rename", arguments: ["synchronize", "rename"])
    func lock(call: String) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let lease = Duration.seconds(1)
            let gate = Gate()
            let holder = StateFile<Ledger>(
                path,
                timing: LockTiming(lease: lease),
                logger: silentLogger,
                system: FaultySystemCalls(late: call) { gate.stand() }
            )
            async let update: Void = holder.update { $0.increment() }
            while gate.standing == 0 { try await Task.sleep(for: .milliseconds(1)) }

            let log = RecordedLog()
            let impatient = StateFile<Ledger>(
                path,
                timing: LockTiming(limit: lease * 3, lease: lease),
                logger: log.logger
            )
            let error = await #expect(throws: StateFileError.self) { try await impatient.update { $0.increment() } }
            #expect(error?.code == .locked)
            #expect(gate.standing == 1)

            gate.open()
            try await update
            try await impatient.update { $0.increment() }
            #expect(try await impatient.read().count == 2)
            #expect(log.lines.isEmpty)
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
