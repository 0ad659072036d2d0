import Logging
import StateFile
import SystemPackage

/// A process that the tests of state files can stop and kill.
///
///     StateFileTestHelper increment <file> <times>       increments, and prints each count that is on the disk
///     StateFileTestHelper hold <file> <lease ms>         locks, prints `holding`, writes after a line of input
@main
struct StateFileTestHelper {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let number = Int(arguments[3]) else {
            say("arguments: increment <file> <times> | hold <file> <lease ms>")
            return
        }
        let path = FilePath(arguments[2])
        switch arguments[1] {
        case "increment": try await increment(path, times: number)
        default: try await hold(path, lease: .milliseconds(number))
        }
    }

    private static func increment(_ path: FilePath, times: Int) async throws {
        let file = StateFile<Ledger>(path, logger: logger)
        for _ in 0..<times {
            let count = try await file.update { ledger in
                ledger.increment()
                return ledger.count
            }
            say("\(count)")
        }
    }

    private static func hold(_ path: FilePath, lease: Duration) async throws {
        let timing = LockTiming(limit: .seconds(30), lease: lease)
        let file = StateFile<Ledger>(path, timing: timing, logger: logger)
        do {
            try await file.withLock { locked in
                var ledger = locked.document
                say("holding")
                _ = readLine()
                ledger.increment()
                try locked.write(ledger)
            }
            say("written")
        } catch let error as StateFileError {
            say(error.code.rawValue)
        }
    }

    private static var logger: Logger { Logger(label: "helper") { _ in SwiftLogNoOpLogHandler() } }

    /// Prints a line at once, without a buffer that a kill would discard.
    private static func say(_ line: String) {
        _ = try? FileDescriptor.standardOutput.writeAll((line + "\n").utf8)
    }
}
