import StateFile
import Subprocess
import SystemPackage
import TestBasics
import Testing

@testable import StateFileTestHelper

@Suite("A process that writes and is killed", .timeLimit(.minutes(5)))
struct KilledProcessTests {
    @Test("leaves every write that it has announced complete, whenever it is killed")
    func killedAtAnyMoment() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let file = StateFile<Ledger>(path, logger: silentLogger)
            var moments = SeededGenerator(seed: 1)
            var count = 0
            for _ in 1...120 {
                let moment = Duration.microseconds(Int.random(in: 0..<20_000, using: &moments))
                let announced = try await incrementUntilKilled(moment, path)
                let after = try await file.read()
                #expect(after.isConsistent)
                #expect(announced.starts(with: [count + 1]))
                #expect(after.count == announced.last || after.count == announced.last.map { $0 + 1 })
                count = after.count
            }
            try await file.update { $0.increment() }
            #expect(try names(in: directory) == ["state.json", "state.json.lock"])
        }
    }

    /// - Parameter moment: When to kill the process, after its first write.
    /// - Returns: The counts that it has announced.
    private func incrementUntilKilled(_ moment: Duration, _ path: FilePath) async throws -> [Int] {
        try await run(
            helper,
            arguments: ["increment", path.string, "1000000"],
            input: .none,
            output: .sequence,
            error: .currentStandardError
        ) { process in
            var announced: [Int] = []
            for try await line in process.standardOutput.strings() {
                try announced.append(#require(Int(line)))
                if announced.count == 1 {
                    try await Task.sleep(for: moment)
                    try process.send(signal: .kill)
                }
            }
            return announced
        }.closureResult
    }
}
