import StateFile
import Subprocess
import SystemPackage
import Testing

@testable import StateFileTestHelper

@Suite("A process that writes and is killed", .timeLimit(.minutes(5)))
struct KilledProcessTests {
    @Test("leaves every write that it has announced, whole, whenever it is killed")
    func killedAtRandomMoments() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("state.json")
            let file = StateFile<Ledger>(path, logger: silentLogger)
            var ranLongEnough = 0
            for _ in 1...120 {
                let before = try await file.read().count
                let result = try await run(
                    helper,
                    arguments: ["increment", path.string, "1000000"],
                    input: .none,
                    output: .string(limit: 1 << 20),
                    error: .currentStandardError
                ) { process in
                    try await Task.sleep(for: .microseconds(Int.random(in: 5_000...60_000)))
                    try process.send(signal: .kill)
                }
                let announced = result.standardOutput.split(separator: "\n").last.flatMap { Int($0) } ?? before
                let after = try await file.read()
                #expect(after.isConsistent)
                #expect(after.count == announced || after.count == announced + 1)
                if announced > before { ranLongEnough += 1 }
            }
            #expect(ranLongEnough > 20)
            try await file.update { $0.increment() }
            #expect(try names(in: directory) == ["state.json", "state.json.lock"])
        }
    }
}
