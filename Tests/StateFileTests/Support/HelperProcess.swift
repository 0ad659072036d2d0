import FoundationEssentials
import Subprocess
import SystemPackage

/// The helper's executable, which is in the same directory as the tests'.
let helper: Executable = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let arguments = [tests] + CommandLine.arguments
    let found = arguments.map { FilePath($0).removingLastComponent().appending("StateFileTestHelper") }
        .first { FileManager.default.isExecutableFile(atPath: $0.string) }
    return .path(found ?? "StateFileTestHelper")
}()
