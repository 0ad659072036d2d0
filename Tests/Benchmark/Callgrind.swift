import Foundation
import Subprocess
import SystemPackage
import TestSupport

/// Counts the instructions of a program with valgrind's callgrind. Unlike times, counts hardly depend on the machine and
/// on what else it does.
struct Callgrind: Sendable {
    /// Valgrind up to 3.19 crashes when a program waits for a signal with a mask in memory that it must not write to, as
    /// libdispatch does. This hands it a copy.
    private static let preloaded = """
        #define _GNU_SOURCE
        #include <signal.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        int sigsuspend(const sigset_t *mask) { sigset_t copy = *mask; return syscall(SYS_rt_sigsuspend, &copy, 8); }
        """

    private let program: FilePath
    private let library: URL
    private let counts: URL

    static var isInstalled: Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/valgrind") }
    }

    /// - Parameters:
    ///   - program: The one to count.
    ///   - directory: Where files can lie until the end.
    init(_ program: FilePath, in directory: URL) async throws {
        // Valgrind reads debug information slowly, and not all that Swift writes.
        self.program = FilePath(directory.appending(path: "stripped").path())
        library = directory.appending(path: "sigsuspend.so")
        counts = directory.appending(path: "counts")
        try FileManager.default.createDirectory(at: counts, withIntermediateDirectories: true)
        try await Self.run("strip", ["-o", self.program.string, program.string])
        let source = directory.appending(path: "sigsuspend.c")
        try Self.preloaded.write(to: source, atomically: true, encoding: .utf8)
        try await Self.run("clang", ["-shared", "-fPIC", "-o", library.path(), source.path()])
    }

    func start(_ arguments: [String]) async throws -> RunningProgram {
        try await RunningProgram.start(
            .name("valgrind"),
            Self.valgrind(countingTo: counts.appending(path: "counts")) + [program.string] + arguments,
            environment: environment
        )
    }

    /// - Parameter arguments: Those of a command that ends, and ends well.
    /// - Returns: The instructions of all of it.
    func instructions(ofAll arguments: [String]) async throws -> Int {
        let file = counts.appending(path: "all")
        try await Self.run(
            "valgrind",
            Self.valgrind(countingTo: file) + [program.string] + arguments,
            environment: environment
        )
        return try Self.total(in: [file])
    }

    /// - Returns: The instructions of all threads since the start, or since this was asked last.
    func instructions(of running: RunningProgram) async throws -> Int {
        try await Self.run("vgdb", ["--pid=\(running.processIdentifier)", "dump"])
        // One file for each dump, numbered after a dot; without a number it is written at the end.
        let dumps = try FileManager.default.contentsOfDirectory(at: counts, includingPropertiesForKeys: nil)
            .filter { !$0.pathExtension.isEmpty }
        defer { for dump in dumps { try? FileManager.default.removeItem(at: dump) } }
        return try Self.total(in: dumps)
    }

    private static func valgrind(countingTo file: URL) -> [String] {
        ["--quiet", "--tool=callgrind", "--callgrind-out-file=\(file.path())"]
    }

    private var environment: Environment { .inherit.updating(["LD_PRELOAD": library.path()]) }

    private static func total(in files: [URL]) throws -> Int {
        let lines = try files.flatMap { try String(contentsOf: $0, encoding: .utf8).split(separator: "\n") }
        guard let total = lines.last(where: { $0.hasPrefix("totals: ") })?.split(separator: " ").last,
            let instructions = Int(total)
        else { throw BenchmarkError(description: "Callgrind did not say how many instructions it counted.") }
        return instructions
    }

    private static func run(
        _ program: String,
        _ arguments: [String],
        environment: Environment = .inherit
    ) async throws {
        let result = try await Subprocess.run(
            .name(program),
            arguments: Arguments(arguments),
            environment: environment,
            input: .none,
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else {
            throw BenchmarkError(description: "\(program) failed: \(result.standardError)")
        }
    }
}
