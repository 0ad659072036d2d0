import Foundation
import Glibc

/// Feeds one reader of foreign bytes with what libFuzzer makes up: `Fuzzing <target> [libFuzzer's arguments]`.
///
/// `Tests/Fuzzing/run` builds it, since the compiler has to count which branches are taken.
@main
struct Fuzzing {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let target = FuzzTarget.all.first(where: { $0.name == arguments[1] }) else {
            print("Fuzzing <target> [arguments]; targets:", FuzzTarget.all.map(\.name).joined(separator: " "))
            exit(64)
        }
        Self.target = target
        // A file that is named is read once more, by itself.
        if arguments.dropFirst(2).contains(where: { !$0.hasPrefix("-") && isFile($0) }) {
            return run([arguments[0]] + arguments.dropFirst(2))
        }
        let seeds = FileManager.default.temporaryDirectory.appending(path: "fuzzing-\(target.name)-\(getpid())")
        try FileManager.default.createDirectory(at: seeds, withIntermediateDirectories: true)
        for (index, seed) in target.seeds.enumerated() {
            try Data(seed).write(to: seeds.appending(path: "\(index)"))
        }
        // New inputs go to the first folder that is named, if there is one.
        run([arguments[0]] + arguments.dropFirst(2) + [seeds.path()])
    }

    nonisolated(unsafe) private static var target: FuzzTarget?

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && !isFolder.boolValue
    }

    private static func run(_ arguments: [String]) {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        pointers.withUnsafeMutableBufferPointer { buffer in
            var count = Int32(arguments.count)
            var start = buffer.baseAddress
            _ = runDriver(&count, &start) { bytes, count in
                Fuzzing.target?.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
                return 0
            }
        }
    }
}

/// libFuzzer's own entry, for programs that have a `main` (compiler-rt, FuzzerInterface.h).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
